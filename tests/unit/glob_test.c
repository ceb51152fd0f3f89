/* Glob: it says what the library's own operator says, of every pattern and text. */
#include "store_fixture.h"

#include "tenants/database.h"
#include "tenants/glob.h"
#include "tenants/query.h"

static const char *const patterns[] = {
    "*[^A-Za-z0-9_-]*", "*[^a-z0-9_-]*", "sub_*",    "[a-z0-9]*", "*[^]*", "*[^]a]*", "*[^a-]*",
    "*[^-a]*",          "*[^a-c-e]*",    "*[^--a]*", "*[^z-a]*",  "*[^a]", "*[^a]**", "*[^a]*b",
    "*[^é]*",           "*[^a-é]*",      "*[^a",     "*[^",       "[^a]*", "**[^a]*", "*[a]*",
    "*[^^]*",           "*[^[]*",        "*[^*?]*",  "",          "*",     "?",       "*[^a-zé]*",
    "*[^A-Z",           "*[^a-]",        "*[^a--]*", "*[^ -~]*"};
static const char *const texts[] = {"",        "a",     "A",
                                    "-",       "_",     "sub_0190-AZaz09",
                                    "sub_",    "é",     "aé",
                                    "]",       "a]",    "b]",
                                    "[",       "^",     "*",
                                    "?",       "c-e",   "d",
                                    "a-c",     "a b",   "\x7f",
                                    "\xff",    "a\xc3", "z",
                                    "zzzzzzz", "a\n",   "aaaaaaaaaaaaab",
                                    "0",       "a-b-c", "\xf0\x9f",
                                    "ab\t",    "key.1", "key/",
                                    "é-é",     "~"};

static void every_pattern_says_of_every_text_what_the_library_says(void)
{
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        for (size_t j = 0; j < sizeof texts / sizeof *texts; j++)
            CHECK(glob_matches(patterns[i], texts[j]) == (sqlite3_strglob(patterns[i], texts[j]) == 0));
}

static void every_byte_is_looked_up_as_the_library_looks_it_up(void)
{
    for (int byte = 1; byte < 256; byte++) {
        char text[] = {'a', (char)byte, 'b', '\0'};
        for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
            CHECK(glob_matches(patterns[i], text) == (sqlite3_strglob(patterns[i], text) == 0));
    }
}

static int64_t number_of(struct database *db, const char *sql)
{
    int64_t number = -1;
    CHECK_STATUS(database_number(db, sql, &number), ST_OK);
    return number;
}

/* Also where the schema itself is not trusted with functions. */
static void the_rules_of_tables_use_it_and_refuse_what_they_refused(void)
{
    struct fixture fix;
    struct database db;
    fixture_prepare(&fix);
    CHECK_STATUS(database_open_writer(fixture_path(&fix, "a.db"), true, &db), ST_OK);
    CHECK_STATUS(database_run(&db, "CREATE TABLE a (x TEXT CHECK (x NOT GLOB '*[^a-z]*'))"), ST_OK);
    CHECK_STATUS(database_run(&db, "INSERT INTO a VALUES ('abc'), (NULL)"), ST_OK);
    CHECK_STATUS(database_run(&db, "INSERT INTO a VALUES ('aBc')"), ST_CONFLICT);
    CHECK_STATUS(database_run(&db, "INSERT INTO a VALUES ('é')"), ST_CONFLICT);
    CHECK_NUMBER(number_of(&db, "SELECT count(*) FROM a"), 2);
    CHECK_NUMBER(number_of(&db, "SELECT ('a' GLOB NULL) IS NULL AND (NULL GLOB 'a') IS NULL"), 1);
    CHECK_NUMBER(number_of(&db, "SELECT 12 GLOB '*[^0-9]*'"), 0);
    CHECK_STATUS(database_check(&db), ST_OK);
    database_close(&db, true);
    fixture_end(&fix);
}

int main(void)
{
    every_pattern_says_of_every_text_what_the_library_says();
    every_byte_is_looked_up_as_the_library_looks_it_up();
    the_rules_of_tables_use_it_and_refuse_what_they_refused();
    return TEST_RESULT();
}
