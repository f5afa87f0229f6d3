# One image for web, worker, beat, sealer and the migration step; docker-compose.yml says which is which.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    VAR_DIR=/srv/targets/var

WORKDIR /srv/targets
# What a PDF is set with, and the Chinese characters in it.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends fonts-noto-cjk libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /srv/targets --shell /usr/sbin/nologin targets \
    && mkdir --parents var/trail \
    && chown --recursive targets var

COPY requirements.txt .
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

COPY . .
USER targets
# The key is for this step alone; the services take theirs from the environment.
RUN SECRET_KEY=only-for-collectstatic python manage.py collectstatic --no-input

EXPOSE 8000
CMD ["gunicorn", "targets_site.wsgi:application", "--bind", "0.0.0.0:8000"]
