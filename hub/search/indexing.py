"""The SQL with which the database itself keeps `search_entry`, whoever writes: pages, the administration, COPY.

Each kind has one function that says which texts a row holds for readers, `search_texts_KIND`, and one trigger that
replaces the row's entries when any of those texts changed. PostgreSQL does not look into functions when a column is
altered: a migration that renames or drops a column named here has to call `keep` anew.
"""

import re

from django.db import migrations

# Accents are optional: they are taken away before the language's own dictionary sees a word.
CONFIGURATIONS = {"en": "english", "fr": "french", "es": "spanish", "und": "simple"}
LANGUAGES = ("en", "fr", "es")
# Signs that stand beside words. Where the database's character type is “C”, PostgreSQL takes them for letters.
SIGNS = "“”„«»‹›‘‚–—―…¿¡№•·†‡§°\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"
APOSTROPHE = "’"
# Those of other scripts, and the letters and signs that are as wide as an ideograph.
MORE_SIGNS = "\N{IDEOGRAPHIC SPACE}、。〈〉《》「」『』【】〔〕〖〗〜・｡｢｣､･،؛؟۔।॥"
WIDE = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
# Scripts that put no blanks between words: Chinese, Japanese, Thai, Lao, Burmese, Khmer. Each letter is a word to the
# index, with the marks above and below it, and what somebody looks for is letters side by side. Both PostgreSQL and
# Python read these ranges.
BELOW_AND_ABOVE = (
    r"\u0E31\u0E34-\u0E3A\u0E47-\u0E4E\u0EB1\u0EB4-\u0EBC\u0EC8-\u0ECE"
    r"\u102B-\u103E\u17B4-\u17D3\u3099\u309A"
)
SPACELESS = (
    r"\u0E01-\u0E4E\u0E81-\u0EDF\u1000-\u103F\u1050-\u109F\u1780-\u17D3"
    r"\u3005-\u3007\u3041-\u309F\u30A1-\u30FA\u30FC-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF\uFF66-\uFF9D\U00020000-\U0003FFFD"
)
SPACELESS_LETTER = f"[{SPACELESS}][{BELOW_AND_ABOVE}]*"
# The dictionaries that read endings by their accents, so that a word has a stem with them and another without.
ACCENTED = {"fr": "french", "es": "spanish"}
# What stems lose of their accents, letter by letter.
ACCENTS, UNACCENTED = "àâäáãåçéèêëíìîïñóòôöõúùûüýÿ", "aaaaaaceeeeiiiinooooouuuuyy"
# How endings are written before accents are taken away: one form for those that differ by nothing else.
SPELT = {"fr": [(r"[eéEÉ]([eE][sS]?)\M", r"\1"), (r"([iI])[eèEÈ][rR][eE]([sS]?)\M", r"\1er\2")]}
# Accents of endings that never lack them, for those who type none.
RESTORED = {
    "fr": [(r"[eE]([eE][sS]?)\M", r"é\1")],
    "es": [(r"([aAuU][cC][iI])[oO]([nN])\M", r"\1ó\2"), (r"([lL][oO][gG])[iI]([aA][sS]?)\M", r"\1í\2")],
}


def configurations() -> list:
    """Operations for the text search configurations, and the functions that choose one."""
    made, dropped = [], []
    for name in CONFIGURATIONS.values():
        dictionary = "simple" if name == "simple" else f"{name}_stem"
        made.append(f"""
            CREATE TEXT SEARCH CONFIGURATION hub_{name} (COPY = pg_catalog.{name});
            ALTER TEXT SEARCH CONFIGURATION hub_{name}
                ALTER MAPPING FOR hword, hword_part, word WITH unaccent, {dictionary};
        """)
        dropped.append(f"DROP TEXT SEARCH CONFIGURATION hub_{name};")
    cases = " ".join(f"WHEN '{code}' THEN 'hub_{name}'::regconfig" for code, name in CONFIGURATIONS.items())
    made.append(f"""
        CREATE FUNCTION search_configuration(language text) RETURNS regconfig LANGUAGE sql STABLE PARALLEL SAFE
        RETURN CASE language {cases} ELSE 'hub_simple'::regconfig END;

        CREATE FUNCTION search_vector(language text, heading text, body text) RETURNS tsvector
        LANGUAGE sql STABLE PARALLEL SAFE
        RETURN setweight(to_tsvector(search_configuration(language), coalesce(heading, '')), 'A')
            || setweight(to_tsvector(search_configuration(language), coalesce(body, '')), 'D');
    """)
    dropped.insert(
        0,
        """
        DROP FUNCTION search_vector(text, text, text);
        DROP FUNCTION search_configuration(text);
    """,
    )
    return [migrations.RunSQL("".join(made), "".join(dropped))]


PLAIN = dict.fromkeys(SIGNS + MORE_SIGNS, " ") | {APOSTROPHE: "'"} | WIDE


def without_signs(text: str) -> str:
    """The text with blanks for signs, as long as before. Once it is `spaced`, it is what search_plain makes in SQL."""
    return text.translate(str.maketrans(PLAIN))


def spaced(text: str) -> str:
    """The text with blanks around each letter of those scripts that have none."""
    return re.sub(f"({SPACELESS_LETTER})", r" \1 ", text)


def plain_texts(tables: dict[str, str]) -> list:
    """Operations after which vectors are made of texts without signs; those of each kind in `tables` are made anew."""
    made = f"""
        CREATE FUNCTION search_plain(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN translate(given, '{SIGNS}{APOSTROPHE}', repeat(' ', {len(SIGNS)}) || chr(39));

        CREATE OR REPLACE FUNCTION search_vector(language text, heading text, body text) RETURNS tsvector
        LANGUAGE sql STABLE PARALLEL SAFE
        RETURN setweight(to_tsvector(search_configuration(language), search_plain(coalesce(heading, ''))), 'A')
            || setweight(to_tsvector(search_configuration(language), search_plain(coalesce(body, ''))), 'D');
    """
    before = """
        CREATE OR REPLACE FUNCTION search_vector(language text, heading text, body text) RETURNS tsvector
        LANGUAGE sql STABLE PARALLEL SAFE
        RETURN setweight(to_tsvector(search_configuration(language), coalesce(heading, '')), 'A')
            || setweight(to_tsvector(search_configuration(language), coalesce(body, '')), 'D');
        DROP FUNCTION search_plain(text);
    """
    anew = "".join(FILL.format(kind=kind, table=table) for kind, table in tables.items())
    return [migrations.RunSQL(made, before), migrations.RunSQL(anew, migrations.RunSQL.noop)]


def rewritten(rules: dict[str, list[tuple[str, str]]]) -> str:
    """SQL for `given` after the rules of its language."""
    cases = ""
    for language, pairs in rules.items():
        value = "given"
        for pattern, replacement in pairs:
            value = f"regexp_replace({value}, '{pattern}', '{replacement}', 'g')"
        cases += f" WHEN '{language}' THEN {value}"
    return f"CASE language{cases} ELSE given END"


def own_stems(tables: dict[str, str]) -> list:
    """Operations after which a word is found by the stem of its own dictionary as well as without its accents.

    French “réfugié” and “réfugiée” have one stem as long as the dictionary sees their accents, and two without them.
    An entry therefore holds both stems at the word's place where they differ by more than accents, which is of one
    word in ten. The entries of each kind in `tables` are made anew.
    """
    made = "".join(
        f"""
        CREATE TEXT SEARCH DICTIONARY hub_stop_{name} (
            TEMPLATE = pg_catalog.simple, STOPWORDS = {name}, ACCEPT = false
        );
        CREATE TEXT SEARCH CONFIGURATION hub_asked_{name} (COPY = hub_{name});
        ALTER TEXT SEARCH CONFIGURATION hub_asked_{name}
            ALTER MAPPING FOR hword, hword_part, word WITH hub_stop_{name}, unaccent, {name}_stem;
        """
        for name in ACCENTED.values()
    )
    stems = "".join(
        f"""
            WHEN '{code}' THEN array_remove(ARRAY[
                (ts_lexize('{name}_stem', unaccent(search_spelt(language, given))))[1],
                translate((ts_lexize('{name}_stem', search_restored(language, given)))[1], '{ACCENTS}', '{UNACCENTED}')
            ], NULL)"""
        for code, name in ACCENTED.items()
    )
    vectors = "".join(
        f"""
            WHEN '{code}' THEN (
                to_tsvector('hub_{name}', search_spelt(language, given))::text || ' '
                || translate(
                    to_tsvector('pg_catalog.{name}', search_restored(language, given))::text,
                    '{ACCENTS}', '{UNACCENTED}'
                )
            )::tsvector"""
        for code, name in ACCENTED.items()
    )
    made += f"""
        CREATE FUNCTION search_spelt(language text, given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN {rewritten(SPELT)};

        CREATE FUNCTION search_restored(language text, given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN {rewritten(RESTORED)};

        CREATE FUNCTION search_stems(language text, given text) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
        RETURN CASE language {stems}
            WHEN 'en' THEN ts_lexize('english_stem', unaccent(given))
            ELSE ts_lexize('simple', unaccent(given)) END;

        CREATE FUNCTION search_words(language text, given text) RETURNS tsvector LANGUAGE sql STABLE PARALLEL SAFE
        RETURN CASE language {vectors} ELSE to_tsvector(search_configuration(language), given) END;

        CREATE OR REPLACE FUNCTION search_vector(language text, heading text, body text) RETURNS tsvector
        LANGUAGE sql STABLE PARALLEL SAFE
        RETURN setweight(search_words(language, search_plain(coalesce(heading, ''))), 'A')
            || setweight(search_words(language, search_plain(coalesce(body, ''))), 'D');
    """
    before = """
        CREATE OR REPLACE FUNCTION search_vector(language text, heading text, body text) RETURNS tsvector
        LANGUAGE sql STABLE PARALLEL SAFE
        RETURN setweight(to_tsvector(search_configuration(language), search_plain(coalesce(heading, ''))), 'A')
            || setweight(to_tsvector(search_configuration(language), search_plain(coalesce(body, ''))), 'D');
        DROP FUNCTION search_words(text, text);
        DROP FUNCTION search_stems(text, text);
        DROP FUNCTION search_restored(text, text);
        DROP FUNCTION search_spelt(text, text);
    """
    before += "".join(
        f"DROP TEXT SEARCH CONFIGURATION hub_asked_{name}; DROP TEXT SEARCH DICTIONARY hub_stop_{name};"
        for name in ACCENTED.values()
    )
    anew = "".join(FILL.format(kind=kind, table=table) for kind, table in tables.items())
    return [migrations.RunSQL(made, before), migrations.RunSQL(anew, migrations.RunSQL.noop)]


def spaceless_scripts(tables: dict[str, str]) -> list:
    """Operations after which words are found in scripts that put no blanks between them, and beside their signs.

    Of the kinds in `tables` only the entries are made anew whose texts have such letters or signs.
    """
    plain = "".join(PLAIN), "".join(PLAIN.values()).replace("'", "''")
    made = f"""
        CREATE OR REPLACE FUNCTION search_plain(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN regexp_replace(translate(given, '{plain[0]}', '{plain[1]}'), '({SPACELESS_LETTER})', ' \\1 ', 'g');
    """
    before = f"""
        CREATE OR REPLACE FUNCTION search_plain(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN translate(given, '{SIGNS}{APOSTROPHE}', repeat(' ', {len(SIGNS)}) || chr(39));
    """
    anew = "".join(
        f"""
        UPDATE search_entry AS entry SET vector = search_vector(found.language, found.heading, found.body)
        FROM {table} AS given, search_texts_{kind}(given) AS found
        WHERE entry.kind = '{kind}' AND entry.object_id = found.object_id AND entry.language = found.language
            AND concat_ws(' ', found.heading, found.body) ~ '[{SPACELESS}{MORE_SIGNS}\\uFF01-\\uFF5E]';
        """
        for kind, table in tables.items()
    )
    return [migrations.RunSQL(made, before), migrations.RunSQL(anew, migrations.RunSQL.noop)]


def quick_plain_texts() -> list:
    """Operations after which search_plain makes the same as before, looking for rare signs only where they can be.

    It compares each letter with each sign: a fifth of a millisecond for a contribution without any, three minutes for
    a million of them.
    """
    rare = "\\u0600-\\u1FFF\\u2070-\\U0010FFFF"
    plain = "".join(PLAIN), "".join(PLAIN.values()).replace("'", "''")
    thorough = f"regexp_replace(translate(given, '{plain[0]}', '{plain[1]}'), '({SPACELESS_LETTER})', ' \\1 ', 'g')"
    replaced = """
        CREATE OR REPLACE FUNCTION search_plain(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    """
    made = f"""{replaced}
        CASE
            WHEN octet_length(given) = length(given) THEN given
            WHEN given ~ '[{rare}]' THEN {thorough}
            ELSE translate(given, '{SIGNS}{APOSTROPHE}', repeat(' ', {len(SIGNS)}) || chr(39))
        END
    """
    return [migrations.RunSQL(made, f"{replaced} {thorough}")]


TEXTS = """
    CREATE OR REPLACE FUNCTION search_texts_{kind}(given {table}) RETURNS TABLE (
        object_id bigint, language text, heading text, body text, consultation_id bigint, at timestamptz
    ) LANGUAGE plpgsql STABLE AS $$
    BEGIN
        RETURN QUERY {texts};
    END $$;
"""
KEEP = """
    CREATE OR REPLACE FUNCTION search_keep_{kind}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            IF ({old}) IS NOT DISTINCT FROM ({new}) THEN
                RETURN NULL;
            END IF;
        END IF;
        IF TG_OP <> 'INSERT' THEN
            DELETE FROM search_entry WHERE kind = '{kind}' AND object_id = OLD.id;
        END IF;
        IF TG_OP <> 'DELETE' THEN
            INSERT INTO search_entry (kind, object_id, language, consultation_id, at, vector)
            SELECT '{kind}', found.object_id, found.language, found.consultation_id, found.at,
                search_vector(found.language, found.heading, found.body)
            FROM search_texts_{kind}(NEW) AS found;
        END IF;
        {more}
        RETURN NULL;
    END $$;
    CREATE OR REPLACE TRIGGER search_keep AFTER INSERT OR UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION search_keep_{kind}();
"""
FILL = """
    DELETE FROM search_entry WHERE kind = '{kind}';
    INSERT INTO search_entry (kind, object_id, language, consultation_id, at, vector)
    SELECT '{kind}', found.object_id, found.language, found.consultation_id, found.at,
        search_vector(found.language, found.heading, found.body)
    FROM {table} AS given, search_texts_{kind}(given) AS found;
"""
FORGET = """
    DROP TRIGGER search_keep ON {table};
    DROP FUNCTION search_keep_{kind}();
    DROP FUNCTION search_texts_{kind}({table});
    DELETE FROM search_entry WHERE kind = '{kind}';
"""


def keep(kind: str, table: str, watched: list[str], texts: str, more: str = "") -> list:
    """Operations that keep the entries of `kind`, beginning with what is there.

    `watched` are the columns of `table` on which its entries depend. `texts` is a SELECT of the entries of the row
    `given`: object_id, language, heading, body, consultation_id and at; nothing where readers may not see it.
    """
    values = {
        "kind": kind,
        "table": table,
        "texts": texts,
        "more": more,
        "old": ", ".join(f"OLD.{column}" for column in watched),
        "new": ", ".join(f"NEW.{column}" for column in watched),
    }
    made = [TEXTS, KEEP, FILL]
    return [migrations.RunSQL("".join(made).format(**values), FORGET.format(**values))]


def in_each_language(heading: str, *body: str) -> str:
    """The texts of a row with a column for each language, for a LATERAL join: those that have a heading."""
    rows = ", ".join(
        "('{code}', given.{heading}_{code}, concat_ws(E'\\n', {body}))".format(
            code=code, heading=heading, body=", ".join(f"given.{name}_{code}" for name in body)
        )
        for code in LANGUAGES
    )
    return f"(VALUES {rows}) AS written (language, heading, body)"


def translated_columns(*names: str) -> list[str]:
    return [f"{name}_{code}" for name in names for code in LANGUAGES]
