import yaml
from django.db.models.expressions import RawSQL
from django.utils.html import format_html
from django.utils.safestring import mark_safe

# ruleid: runs-what-it-reads
import pickle


def sql(cursor, name, query, value):
    # ruleid: sql-from-pieces
    cursor.execute(f"SELECT * FROM figures WHERE name = '{name}'")
    # ruleid: sql-from-pieces
    cursor.execute("SELECT * FROM figures WHERE name = '%s'" % name)
    # ruleid: sql-from-pieces
    cursor.execute("SELECT * FROM " + name)
    # ruleid: sql-from-pieces
    query.raw(f"SELECT * FROM {name}")
    # ruleid: sql-from-pieces
    query.extra(where=["1 = 1"])
    # ruleid: sql-from-pieces
    RawSQL("lower({})".format(name), [])
    # ok: sql-from-pieces
    cursor.execute("SELECT * FROM figures WHERE name = %s", [name])
    # ok: sql-from-pieces
    cursor.execute(statement(), [value])


def asked(request, cursor, form):
    order = request.GET["order"]
    # ruleid: sql-from-a-request, sql-from-pieces
    cursor.execute("SELECT 1 ORDER BY " + order)
    # ruleid: sql-from-a-request
    cursor.execute(statement(form.cleaned_data["table"]))
    # ok: sql-from-a-request
    cursor.execute("SELECT 1 WHERE 1 = %s", [order])


def markup(text):
    # ruleid: markup-from-pieces
    mark_safe(f"<b>{text}</b>")
    # ruleid: markup-from-pieces
    mark_safe(text)
    # ok: markup-from-pieces
    mark_safe("<b>—</b>")
    # ok: markup-from-pieces
    format_html("<b>{}</b>", text)


def read(text, os, subprocess):
    # ruleid: runs-what-it-reads
    eval(text)
    # ruleid: runs-what-it-reads
    yaml.load(text, Loader=yaml.Loader)
    # ruleid: runs-what-it-reads
    subprocess.run(text, shell=True)
    # ok: runs-what-it-reads
    yaml.safe_load(text)
    # ok: runs-what-it-reads
    subprocess.run(["ls", text])


# ruleid: form-without-token
@csrf_exempt
def view(request):
    pass


# ok: form-without-token
@csrf_protect
def protected(request):
    pass


def ask(task, rows):
    # ruleid: message-past-the-rows
    task.delay(1)
    # ruleid: message-past-the-rows
    task.apply_async(args=[1])
    # ok: message-past-the-rows
    rows.append(1)


def figure(value, Decimal):
    # ruleid: figure-as-float
    float(value)
    # ok: figure-as-float
    Decimal(value)


def say(logger, person, password, access_token):
    # ruleid: secret-in-a-log
    logger.info("signed in: %s %s", person, password)
    # ruleid: secret-in-a-log
    logger.warning(f"refused {access_token}")
    # ruleid: secret-in-a-log
    logger.warning("refused %s", person.password)
    # ok: secret-in-a-log
    logger.info("signed in: %s", person)
