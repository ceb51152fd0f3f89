#include "store_fixture.h"

static void begin(struct fixture *fix, int versions)
{
    fixture_begin(fix);
    fixture_acme(fix);
    for (int i = 2; i <= versions; i++) {
        char source[40];
        (void)snprintf(source, sizeof source, "edition 2026 form visa # %d", i);
        CHECK_STATUS(fixture_publish(fix, STR("acme"), STR("visa"), str_of(source)), ST_OK);
    }
}

static struct write begin_migration(struct fixture *fix, uint32_t from, uint32_t to)
{
    struct write write = fixture_write(fix, WRITE_OPERATION_BEGIN);
    write.operation_begin = (struct operation_begin){
        .kind = OPERATION_MIGRATE, .form = STR("visa"), .from = from, .to = to};
    (void)write_wait(fix->tenants, &write);
    return write;
}

static struct write move(struct fixture *fix, struct str id, enum operation_state to, uint64_t total)
{
    struct write write = fixture_write(fix, WRITE_OPERATION_MOVE);
    write.operation_move = (struct operation_move){
        .id = id, .to = to, .total = total, .fault = to == OPERATION_FAILED ? STR("fault") : STR("")};
    (void)write_wait(fix->tenants, &write);
    return write;
}

static struct operation_record find(struct fixture *fix, struct str id)
{
    struct operation_record found = {.id = STR("")};
    CHECK_STATUS(operation_find(fix->tenants, STR("acme"), id, &fix->arena, &found), ST_OK);
    return found;
}

static void an_operation_begins_once_and_is_found(void)
{
    struct fixture fix;
    begin(&fix, 3);
    struct write first = begin_migration(&fix, 1, 2), same = begin_migration(&fix, 1, 2);
    CHECK_STATUS(first.status, ST_OK);
    CHECK(!first.operation_begin.ret_existing && same.operation_begin.ret_existing);
    struct str id = first.operation_begin.ret_operation.id;
    CHECK_STR(same.operation_begin.ret_operation.id, id);
    struct operation_record found = find(&fix, id);
    CHECK(found.kind == OPERATION_MIGRATE && found.state == OPERATION_QUEUED);
    CHECK_STR(found.form, STR("visa"));
    CHECK(found.from == 1 && found.to == 2 && found.done == 0 && found.total == 0);
    CHECK_STR(found.made_by, STR("tester"));
    CHECK_STR(found.why, STR("to see"));
    CHECK(found.made_ms == FIXTURE_NOW_MS && found.began_ms == 0 && found.ended_ms == 0);
    struct write other = begin_migration(&fix, 1, 3);
    CHECK(!other.operation_begin.ret_existing);
    struct operation_page page;
    CHECK_STATUS(operation_list(fix.tenants, STR("acme"), STR(""), 1, &fix.arena, &page), ST_OK);
    CHECK(page.count == 1 && page.more);
    CHECK_STR(page.items[0].id, other.operation_begin.ret_operation.id); /* the newest first */
    CHECK_STATUS(operation_list(fix.tenants, STR("acme"), page.items[0].id, 1, &fix.arena, &page),
                 ST_OK);
    CHECK(page.count == 1 && !page.more);
    CHECK_STATUS(operation_open(fix.tenants, STR("acme"), &fix.arena, &page), ST_OK);
    CHECK(page.count == 2);
    CHECK_STR(page.items[0].id, id); /* the oldest first */
    CHECK(begin_migration(&fix, 1, 1).refusal == REFUSAL_BAD_VALUE);
    CHECK(begin_migration(&fix, 1, 4).refusal == REFUSAL_VERSION_ABSENT);
    CHECK(move(&fix, STR("op_none"), OPERATION_RUNNING, 1).refusal == REFUSAL_OPERATION_ABSENT);
    fixture_end(&fix);
}

/* A new one that has come to that state. */
static struct str make(struct fixture *fix, enum operation_state state)
{
    struct write write = begin_migration(fix, 1, 2);
    struct str id = write.operation_begin.ret_operation.id;
    if (state != OPERATION_QUEUED && state != OPERATION_CANCELLED)
        CHECK_STATUS(move(fix, id, OPERATION_RUNNING, 9).status, ST_OK);
    if (operation_is_over(state)) CHECK_STATUS(move(fix, id, state, 0).status, ST_OK);
    return id;
}

/* What the table itself says, whatever our code does. */
static bool table_lets(struct fixture *fix, struct str id, enum operation_state to)
{
    char sql[400];
    (void)snprintf(sql, sizeof sql,
                   "UPDATE operation SET state = '%s', began_ms = coalesce(began_ms, iif('%s' = "
                   "'queued', NULL, 1)), ended_ms = iif(%d, 1, NULL), fault = iif('%s' = 'failed', "
                   "'f', NULL) WHERE id = '%.*s'",
                   operation_state_name(to), operation_state_name(to), operation_is_over(to),
                   operation_state_name(to), STR_ARG(id));
    return fixture_sql(fix, "tenants/acme/data.db", sql) == SQLITE_OK;
}

static void states_follow_one_another_as_code_and_table_say(void)
{
    struct fixture fix;
    begin(&fix, 2);
    for (int from = OPERATION_QUEUED; from <= OPERATION_CANCELLED; from++)
        for (int to = OPERATION_QUEUED; to <= OPERATION_CANCELLED; to++) {
            bool may = operation_state_may((enum operation_state)from, (enum operation_state)to);
            struct str id = make(&fix, (enum operation_state)from);
            struct write moved = move(&fix, id, (enum operation_state)to, 0);
            if (from == to) CHECK_STATUS(moved.status, ST_OK);
            else CHECK(moved.refusal == (may ? REFUSAL_NONE : REFUSAL_ILLEGAL_TRANSITION));
            CHECK(find(&fix, id).state == (enum operation_state)(may ? to : from));
            if (!operation_is_over(find(&fix, id).state))
                CHECK_STATUS(move(&fix, id, OPERATION_CANCELLED, 0).status, ST_OK);
            id = make(&fix, (enum operation_state)from);
            if (from != to) CHECK(table_lets(&fix, id, (enum operation_state)to) == may);
            if (!operation_is_over(find(&fix, id).state))
                CHECK_STATUS(move(&fix, id, OPERATION_CANCELLED, 0).status, ST_OK);
        }
    fixture_end(&fix);
}

static struct write carry(struct fixture *fix, struct str id, uint64_t seq, bool refused)
{
    struct carried_item item = {.seq = seq,
                                .answers = refused ? STR("") : STR("{}"),
                                .errors = refused ? STR("[{\"pointer\":\"\"}]") : STR("")};
    struct write write = fixture_write(fix, WRITE_SUBMISSIONS_CARRY);
    write.submissions_carry = (struct submissions_carry){
        .form = STR("visa"), .from = 1, .to = 2, .operation = id, .items = &item, .count = 1};
    (void)write_wait(fix->tenants, &write);
    return write;
}

static void what_is_carried_is_counted_with_it_or_not_at_all(void)
{
    struct fixture fix;
    uint64_t left = 0;
    struct refused_page refused;
    begin(&fix, 2);
    for (int i = 0; i < 3; i++) {
        char key[16];
        (void)snprintf(key, sizeof key, "key-%d", i);
        struct write write = fixture_submission(&fix, str_of(key), STR("{}"));
        CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    }
    struct str id = make(&fix, OPERATION_QUEUED);
    CHECK(carry(&fix, id, 1, false).refusal == REFUSAL_OPERATION_OVER); /* it does not run yet */
    CHECK_STATUS(carry_total(fix.tenants, STR("acme"), STR("visa"), 1, 2, &left), ST_OK);
    CHECK_NUMBER(left, 3);
    CHECK_STATUS(move(&fix, id, OPERATION_RUNNING, left).status, ST_OK);
    CHECK_STATUS(carry(&fix, id, 1, false).status, ST_OK);
    CHECK_STATUS(carry(&fix, id, 2, true).status, ST_OK);
    struct operation_record half = find(&fix, id);
    CHECK(half.done == 2 && half.refused == 1 && half.total == 3);
    CHECK_STATUS(carry_total(fix.tenants, STR("acme"), STR("visa"), 1, 2, &left), ST_OK);
    CHECK_NUMBER(left, 1);
    CHECK_STATUS(
        carried_refused(fix.tenants, STR("acme"), STR("visa"), 1, 2, 0, 10, &fix.arena, &refused),
        ST_OK);
    CHECK(refused.count == 1 && refused.items[0].seq == 2 && !refused.more);
    CHECK_STATUS(move(&fix, id, OPERATION_CANCELLED, 0).status, ST_OK);
    CHECK(carry(&fix, id, 3, false).refusal == REFUSAL_OPERATION_OVER);
    CHECK_STATUS(carry_total(fix.tenants, STR("acme"), STR("visa"), 1, 2, &left), ST_OK);
    CHECK_NUMBER(left, 1); /* nothing of the refused batch is there */
    fixture_end(&fix);
}

static void so_many_may_be_under_way(void)
{
    struct fixture fix;
    int64_t begun = 0;
    struct str id = STR("");
    begin(&fix, 8);
    for (uint32_t from = 1; from <= 8; from++)
        for (uint32_t to = 1; to <= 8 && begun < limit(OPERATIONS); to++) {
            if (from == to) continue;
            struct write write = begin_migration(&fix, from, to);
            CHECK_STATUS(write.status, ST_OK);
            id = write.operation_begin.ret_operation.id;
            begun++;
        }
    CHECK(begun == limit(OPERATIONS));
    CHECK(begin_migration(&fix, 8, 7).refusal == REFUSAL_OPERATIONS_FULL);
    CHECK_STATUS(begin_migration(&fix, 1, 2).status, ST_OK); /* that one is there already */
    CHECK_STATUS(move(&fix, id, OPERATION_CANCELLED, 0).status, ST_OK);
    CHECK_STATUS(begin_migration(&fix, 8, 7).status, ST_OK);
    fixture_end(&fix);
}

static void a_shell_cannot_break_the_rules_of_operations(void)
{
    static const struct {
        const char *sql, *because;
    } attacks[] = {
        {"DELETE FROM operation", "never deleted"},
        {"UPDATE operation SET done = 9, total = 9 WHERE ended_ms IS NOT NULL", "is over"},
        {"UPDATE operation SET done = 1 WHERE state = 'running'", "stays done"},
        {"UPDATE operation SET total = 3 WHERE state = 'running'", "stays done"},
        {"UPDATE operation SET done = 99 WHERE state = 'running'", "CHECK"},
        {"UPDATE operation SET refused = 99 WHERE state = 'running'", "CHECK"},
        {"UPDATE operation SET to_version = 3 WHERE state = 'running'", "never changes"},
        {"UPDATE operation SET made_by = 'me' WHERE state = 'running'", "never changes"},
        {"UPDATE operation SET began_ms = 1 WHERE state = 'running'", "never changes"},
        {"UPDATE operation SET state = 'odd' WHERE state = 'running'", "cannot follow"},
        {"UPDATE operation SET state = 'done' WHERE state = 'running'", "CHECK"},
        {"UPDATE operation SET state = 'failed', ended_ms = 1 WHERE state = 'running'", "CHECK"},
        {"INSERT INTO operation (id, kind, state, made_ms, made_by, why) VALUES ('op_a', 'snapshot', "
         "'running', 1, 'w', '')",
         "begins queued"},
        {"INSERT INTO operation (id, kind, state, made_ms, made_by, why) VALUES ('op_a', 'migrate', "
         "'queued', 1, 'w', '')",
         "CHECK"},
        {"INSERT INTO operation (id, kind, state, made_ms, made_by, why) VALUES ('op_a', 'odd', "
         "'queued', 1, 'w', '')",
         "CHECK"},
        {"INSERT INTO operation (id, kind, state, made_ms, made_by, why) VALUES ('a', 'snapshot', "
         "'queued', 1, 'w', '')",
         "CHECK"},
        {"INSERT INTO operation (id, kind, form_id, from_version, to_version, state, made_ms, made_by, "
         "why) VALUES ('op_a', 'migrate', 1, 1, 2, 'queued', 1, 'w', '')",
         "UNIQUE"},
        {"INSERT INTO operation (id, kind, form_id, from_version, to_version, state, made_ms, made_by, "
         "why) VALUES ('op_a', 'migrate', 1, 1, 9, 'queued', 1, 'w', '')",
         "FOREIGN KEY"},
        {"INSERT OR REPLACE INTO operation (id, kind, state, made_ms, made_by, why) SELECT id, "
         "'snapshot', 'queued', 1, 'w', '' FROM operation",
         "is there already"},
    };
    struct fixture fix;
    begin(&fix, 3);
    (void)make(&fix, OPERATION_DONE);
    struct str id = make(&fix, OPERATION_RUNNING);
    for (int i = 0; i < 2; i++) {
        struct write write = fixture_submission(&fix, i ? STR("key-1") : STR("key-0"), STR("{}"));
        CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
        CHECK_STATUS(carry(&fix, id, (uint64_t)i + 1, false).status, ST_OK);
    }
    sqlite3 *raw = fixture_raw(&fix, "tenants/acme/data.db");
    for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
        char *message = NULL;
        int code = sqlite3_exec(raw, attacks[i].sql, NULL, NULL, &message);
        bool held = code != SQLITE_OK && message && strstr(message, attacks[i].because);
        if (!held) fprintf(stderr, "%s: %d %s\n", attacks[i].sql, code, message ? message : "-");
        CHECK(held);
        sqlite3_free(message);
    }
    (void)sqlite3_close(raw);
    fixture_end(&fix);
}

static struct str make_snapshot(struct fixture *fix)
{
    struct write begun = fixture_write(fix, WRITE_OPERATION_BEGIN);
    begun.operation_begin = (struct operation_begin){.kind = OPERATION_SNAPSHOT};
    (void)write_wait(fix->tenants, &begun);
    if (begun.status) return STR("");
    struct str id = begun.operation_begin.ret_operation.id;
    struct write added = fixture_write(fix, WRITE_SNAPSHOT_ADD);
    CHECK_STATUS(snapshot_make(fix->tenants, STR("acme"), id, FIXTURE_NOW_MS, &fix->arena,
                               &added.snapshot_add.snapshot),
                 ST_OK);
    CHECK_STATUS(write_wait(fix->tenants, &added), ST_CONFLICT); /* it does not run yet */
    CHECK(added.refusal == REFUSAL_OPERATION_OVER);
    CHECK_STATUS(move(fix, id, OPERATION_RUNNING, 1).status, ST_OK);
    CHECK_STATUS(snapshot_make(fix->tenants, STR("acme"), id, FIXTURE_NOW_MS, &fix->arena,
                               &added.snapshot_add.snapshot),
                 ST_OK); /* once more, as after a death */
    CHECK_STATUS(write_wait(fix->tenants, &added), ST_OK);
    CHECK(added.snapshot_add.ret_operation.state == OPERATION_DONE &&
          added.snapshot_add.ret_operation.done == 1);
    return id;
}

static void so_many_snapshots_are_kept_and_each_is_whole(void)
{
    struct fixture fix;
    struct snapshot_page page;
    struct backup backup;
    char path[200];
    begin(&fix, 2);
    struct str id = make_snapshot(&fix);
    (void)snprintf(path, sizeof path, "%s/snapshots/acme/%.*s", fix.directory, STR_ARG(id));
    CHECK_STATUS(backup_verify(path, &fix.arena, &backup), ST_OK);
    CHECK(backup.count == 1 && str_eq(backup.files[0].tenant, STR("acme")));
    for (int i = 1; i < limit(SNAPSHOTS); i++) CHECK(make_snapshot(&fix).len > 0);
    CHECK(make_snapshot(&fix).len == 0);
    CHECK_STATUS(snapshot_list(fix.tenants, STR("acme"), &fix.arena, &page), ST_OK);
    CHECK(page.count == (uint32_t)limit(SNAPSHOTS));
    CHECK_STR(page.items[page.count - 1].id, id); /* the oldest last */
    CHECK(page.items[0].bytes > 0 && page.items[0].audit_rows > 0);
    struct write drop = fixture_write(&fix, WRITE_SNAPSHOT_DROP);
    drop.snapshot_drop = (struct snapshot_drop){.id = id};
    CHECK_STATUS(write_wait(fix.tenants, &drop), ST_OK);
    snapshot_remove(fix.tenants, STR("acme"), id);
    CHECK(access(path, F_OK) != 0);
    (void)write_wait(fix.tenants, &drop);
    CHECK(drop.refusal == REFUSAL_SNAPSHOT_ABSENT);
    CHECK(make_snapshot(&fix).len > 0);
    fixture_end(&fix);
}

static void one_tenant_comes_back_beside_itself(void)
{
    struct fixture fix;
    struct backup backup;
    struct form_record form;
    struct backup_wish wish = {.tenant = STR("acme"),
                               .as = STR("acme-then"),
                               .actor = {.who = STR("operator"), .at_ms = FIXTURE_NOW_MS}};
    char path[200];
    begin(&fix, 2);
    struct str id = make_snapshot(&fix);
    (void)snprintf(path, sizeof path, "%s/snapshots/acme/%.*s", fix.directory, STR_ARG(id));
    struct str kept = arena_str(&fix.arena, str_of(path));
    CHECK_STATUS(backup_restore_tenant(kept.ptr, fix.directory, &wish, &fix.arena, &backup), ST_LOCKED);
    CHECK_STATUS(fixture_form(&fix, STR("acme"), STR("later")), ST_OK);
    tenants_close(fix.tenants);
    CHECK_STATUS(backup_restore(kept.ptr, "nowhere", &fix.arena, &backup), ST_PRECONDITION);
    CHECK_STATUS(backup_restore_tenant(kept.ptr, fix.directory, &wish, &fix.arena, &backup), ST_OK);
    CHECK_STATUS(backup_restore_tenant(kept.ptr, fix.directory, &wish, &fix.arena, &backup),
                 ST_CONFLICT);
    wish.tenant = STR("other");
    wish.as = STR("another");
    CHECK_STATUS(backup_restore_tenant(kept.ptr, fix.directory, &wish, &fix.arena, &backup), ST_ABSENT);
    fixture_open(&fix);
    CHECK_STATUS(form_find(fix.tenants, STR("acme-then"), STR("visa"), &fix.arena, &form), ST_OK);
    CHECK(form.newest == 2);
    CHECK_STATUS(form_find(fix.tenants, STR("acme-then"), STR("later"), &fix.arena, &form), ST_ABSENT);
    CHECK_STATUS(form_find(fix.tenants, STR("acme"), STR("later"), &fix.arena, &form), ST_OK);
    uint64_t rows = 0, broken = 0;
    CHECK_STATUS(fixture_verify(fix.tenants, STR("acme-then"), &rows, &broken), ST_OK);
    CHECK(rows > 0 && broken == 0);
    struct write write = fixture_write(&fix, WRITE_FORM_CREATE);
    write.tenant = STR("acme-then");
    write.form_create = (struct form_create){.name = STR("new"), .title = STR("New")};
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK); /* and lives on by itself */
    fixture_end(&fix);
}

static void a_snapshot_is_of_no_versions(void)
{
    struct fixture fix;
    begin(&fix, 2);
    struct write write = fixture_write(&fix, WRITE_OPERATION_BEGIN);
    write.operation_begin = (struct operation_begin){.kind = OPERATION_SNAPSHOT, .from = 1};
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_INPUT);
    CHECK(write.refusal == REFUSAL_BAD_VALUE);
    write.operation_begin = (struct operation_begin){.kind = OPERATION_SNAPSHOT, .to = 2};
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_INPUT);
    write.operation_begin = (struct operation_begin){.kind = OPERATION_SNAPSHOT};
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    fixture_end(&fix);
}

static void nothing_is_carried_to_a_version_that_is_not_there(void)
{
    struct fixture fix;
    struct carried_item item = {.seq = 1, .answers = STR("{}")};
    begin(&fix, 2);
    struct write write = fixture_submission(&fix, STR("key-1"), STR("{}"));
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    write = fixture_write(&fix, WRITE_SUBMISSIONS_CARRY);
    write.submissions_carry =
        (struct submissions_carry){.form = STR("visa"), .from = 1, .to = 3, .items = &item, .count = 1};
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_ABSENT);
    CHECK(write.refusal == REFUSAL_VERSION_ABSENT);
    write.submissions_carry.from = 3;
    write.submissions_carry.to = 1;
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_ABSENT);
    write.submissions_carry.from = 1;
    write.submissions_carry.to = 2;
    CHECK_STATUS(write_wait(fix.tenants, &write), ST_OK);
    CHECK_NUMBER(write.submissions_carry.ret_added, 1);
    fixture_end(&fix);
}

int main(void)
{
    an_operation_begins_once_and_is_found();
    states_follow_one_another_as_code_and_table_say();
    what_is_carried_is_counted_with_it_or_not_at_all();
    so_many_may_be_under_way();
    a_shell_cannot_break_the_rules_of_operations();
    so_many_snapshots_are_kept_and_each_is_whole();
    one_tenant_comes_back_beside_itself();
    a_snapshot_is_of_no_versions();
    nothing_is_carried_to_a_version_that_is_not_there();
    return TEST_RESULT();
}
