# One image for all services of ours and their steps; docker-compose.yml says which is which.
# Bookworm has the same PostgreSQL as the server: its programs take and restore backups.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    VAR_DIR=/srv/targets/var

WORKDIR /srv/targets
# What a PDF is set with, and the Chinese characters in it; what backups are taken and encrypted by.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client-15 openssl \
    fonts-noto-cjk libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /srv/targets --shell /usr/sbin/nologin targets \
    && mkdir --parents var/files var/exports var/trail var/backups \
    && chown --recursive targets var

COPY requirements.txt .
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

COPY . .
USER targets
# The key is for this step alone; the services take theirs from the environment.
RUN SECRET_KEY=only-for-collectstatic python manage.py collectstatic --no-input

EXPOSE 8000
CMD ["gunicorn", "targets_site.wsgi:application", "--bind", "0.0.0.0:8000"]
