#include "base/digest.h"
#include "dsl/shape.h"
#include "tests/unit/compiled.h"

static const char nested[] = "edition 2026\n\nform trip \"Trip\" {\n"
                             "  languages en, de\n"
                             "  page one \"One\" when go {\n"
                             "    a: integer \"A\" min 2 max 9 required when go\n"
                             "    group g \"G\" unknown ignore { b: text \"B\" key \"b/\\\"x\\\"\" }\n"
                             "  }\n"
                             "  go: boolean \"Go\"\n"
                             "  repeat rows \"Rows\" 1..4 {\n"
                             "    c: decimal(2) \"C\" min 0.5 when go\n"
                             "    repeat inner \"Inner\" 0..3 { d: date \"D\" max today() }\n"
                             "    twice: integer = count(inner) * 2\n"
                             "  }\n"
                             "  let sum = sum(rows.c)\n"
                             "  check sum < 100 else \"{sum} is too much.\" at rows as limit\n"
                             "  translate de { a \"Ah\" rows \"Zeilen\" }\n"
                             "}\n";

static void every_slot_belongs_to_one_scope_and_one_purpose(void)
{
    struct program *p = compiled(nested);
    bool *used = calloc(p->slot_count + 1, sizeof *used);
    if (!used) abort();
    for (uint32_t i = 0; i < p->node_count; i++) {
        const struct program_node *node = &p->nodes[i];
        uint32_t slots[] = {node->slot, node->relevance_slot, node->required_slot};
        for (int k = 0; k < 3; k++) {
            if (!slots[k]) continue;
            const struct program_scope *scope = &p->scopes[node->scope];
            CHECK(slots[k] >= scope->first_slot && slots[k] < scope->first_slot + scope->slot_count);
            CHECK(!used[slots[k]]);
            used[slots[k]] = true;
        }
    }
    for (uint32_t i = 0; i < p->scope_count; i++) {
        uint32_t slots[] = {p->scopes[i].rows_slot, p->scopes[i].parent_slot, p->scopes[i].begin_slot};
        for (int k = 0; k < 3; k++) {
            CHECK(!slots[k] || !used[slots[k]]);
            used[slots[k]] = true;
        }
    }
    CHECK(p->today_slot && !used[p->today_slot] && p->now_slot == 0);
    used[p->today_slot] = true;
    for (uint32_t i = 1; i <= p->slot_count; i++) CHECK(used[i]);
    free(used);
    program_release(p);
}

static void scopes_have_the_slots_that_their_place_asks_for(void)
{
    struct program *p = compiled(nested);
    CHECK(p->scope_count == 3);
    CHECK(p->scopes[0].parent == PROGRAM_NONE && p->scopes[0].rows_slot == 0 &&
          p->scopes[0].begin_slot == 0);
    CHECK(p->scopes[1].parent == 0 && p->scopes[1].rows_slot && !p->scopes[1].parent_slot &&
          !p->scopes[1].begin_slot);
    CHECK(p->scopes[2].parent == 1 && p->scopes[2].rows_slot && p->scopes[2].parent_slot &&
          p->scopes[2].begin_slot);
    CHECK(p->scopes[1].node == node_number(p, "rows") && node_named(p, "rows")->rare->own_scope == 1);
    CHECK(p->scopes[1].rows_min == 1 && p->scopes[1].rows_max == 4);
    CHECK(node_named(p, "rows")->scope == 0 && node_named(p, "inner")->scope == 1 &&
          node_named(p, "d")->scope == 2);
    program_release(p);
}

static void nodes_tell_who_reads_them(void)
{
    struct program *p = compiled(nested);
    CHECK(node_named(p, "go")->rules_read && node_named(p, "c")->rules_read);
    CHECK(node_named(p, "d")->rules_read); /* its maximum is worked out */
    CHECK(!node_named(p, "a")->rules_read && !node_named(p, "b")->rules_read &&
          !node_named(p, "twice")->rules_read);
    CHECK(node_named(p, "sum")->text_reads && node_named(p, "sum")->rules_read &&
          !node_named(p, "a")->text_reads);
    CHECK(node_named(p, "twice")->computed && !node_named(p, "sum")->computed);
    program_release(p);
}

static void relevance_points_to_the_nearest_condition(void)
{
    struct program *p = compiled(nested);
    uint32_t page = node_number(p, "one");
    CHECK(p->nodes[page].relevance_slot && p->nodes[page].relevance_node == page);
    CHECK(node_named(p, "a")->relevance_node == page && node_named(p, "b")->relevance_node == page);
    CHECK(node_named(p, "a")->relevance_slot == 0 && node_named(p, "a")->required_slot != 0);
    CHECK(node_named(p, "c")->relevance_node == node_number(p, "c"));
    CHECK(node_named(p, "go")->relevance_node == PROGRAM_NONE &&
          node_named(p, "d")->relevance_node == PROGRAM_NONE);
    program_release(p);
}

static void objects_find_their_members_by_key_and_pages_are_not_there(void)
{
    struct program *p = compiled(nested);
    const struct program_object *form = &p->objects[0];
    CHECK(p->object_count == 4 && form->node == 0 && !form->ignore_unknown);
    CHECK(form->member_count == 4); /* a, g, go, rows; the let is no member */
    static const char *const names[] = {"a", "g", "go", "rows"};
    for (uint32_t i = 0; i < form->member_count; i++) {
        CHECK(form->member_nodes[i] == node_number(p, names[i]));
        CHECK(name_table_find(&form->members, str_of(names[i])) == i);
    }
    CHECK(name_table_find(&form->members, STR("one")) == NAME_ABSENT);
    CHECK(name_table_find(&form->members, STR("sum")) == NAME_ABSENT);
    const struct program_object *group = &p->objects[node_object(node_named(p, "g"))];
    CHECK(group->ignore_unknown && group->member_count == 1);
    CHECK(name_table_find(&group->members, STR("b/\"x\"")) == 0);
    CHECK(name_table_find(&group->members, STR("b")) == NAME_ABSENT);
    CHECK(str_eq(node_key_json(node_named(p, "b")), STR("\"b/\\\"x\\\"\":")));
    CHECK(str_eq(node_key(node_named(p, "b")), STR("b/\"x\"")) &&
          str_eq(node_name(node_named(p, "b")), STR("b")));
    CHECK(node_object(node_named(p, "a")) == PROGRAM_NONE);
    program_release(p);
}

static void constant_bounds_are_the_shapes_and_others_the_rules(void)
{
    struct program *p = compiled(nested);
    const struct program_node *a = node_named(p, "a"), *c = node_named(p, "c"), *d = node_named(p, "d");
    CHECK(a->has_min && a->bounds->min == 2 && a->has_max && a->bounds->max == 9);
    CHECK(c->has_min && c->bounds->min == 50 && !c->has_max && c->scale == 2);
    CHECK(!d->has_min && !d->has_max);
    program_release(p);
    p = compiled(FORM("n: number \"N\" min 0.25 max 3"));
    CHECK(node_named(p, "n")->has_min && node_named(p, "n")->bounds->number_min == 0.25 &&
          node_named(p, "n")->bounds->number_max == 3.0);
    program_release(p);
}

static void a_text_always_has_a_greatest_length(void)
{
    struct program *p = compiled(
        FORM("a: text \"A\" b: text \"B\" length ..20 c: email \"C\" length 5.. d: text \"D\" length "
             "20000.. "
             "choices l { x \"X\" y \"Y\" } e: choices(l) \"E\" f: choices(l) \"F\" length 1..2"));
    CHECK(node_named(p, "a")->bounds->length_max == limit(TEXT_ANSWER_CHARS) &&
          node_named(p, "a")->bounds->length_min == -1);
    CHECK(node_named(p, "b")->bounds->length_max == 20);
    CHECK(node_named(p, "c")->bounds->length_min == 5 &&
          node_named(p, "c")->bounds->length_max == limit(TEXT_ANSWER_CHARS));
    CHECK(node_named(p, "d")->bounds->length_min == 20000 &&
          node_named(p, "d")->bounds->length_max == 20000);
    CHECK(node_named(p, "e")->bounds->length_max == -1 && node_named(p, "f")->bounds->length_min == 1 &&
          node_named(p, "f")->bounds->length_max == 2);
    CHECK(node_named(p, "c")->format == FORMAT_EMAIL && node_named(p, "a")->format == FORMAT_PLAIN);
    program_release(p);
}

static struct str plain(const struct program *p, struct program_message message, uint32_t language)
{
    struct program_part part, none;
    CHECK(language < p->language_count && message.bytes);
    struct passage text = passage_open(&message, language);
    CHECK(passage_next(&text, &part) && part.node == PROGRAM_NONE && !passage_next(&text, &none));
    return part.literal;
}

static void a_language_without_a_text_shows_the_first_ones(void)
{
    struct program *p = compiled(nested);
    CHECK(p->language_count == 2 && str_eq(p->languages[1], STR("de")));
    CHECK(str_eq(plain(p, node_named(p, "a")->label, 0), STR("A")) &&
          str_eq(plain(p, node_named(p, "a")->label, 1), STR("Ah")));
    CHECK(str_eq(plain(p, node_named(p, "c")->label, 1), STR("C")));
    CHECK(str_eq(plain(p, p->title, 0), STR("Trip")) && str_eq(plain(p, p->title, 1), STR("Trip")));
    CHECK(!node_named(p, "a")->rare->hint.bytes && !node_named(p, "twice")->label.bytes);
    program_release(p);
}

static void checks_carry_place_name_and_message(void)
{
    struct program *p = compiled(nested);
    CHECK(p->check_count == 1);
    const struct program_check *check = &p->checks[0];
    CHECK(check->node == node_number(p, "rows") && check->scope == 0 &&
          str_eq(check->name, STR("limit")));
    struct passage text = passage_open(&check->message, 0);
    struct program_part part;
    CHECK(passage_next(&text, &part) && part.node == node_number(p, "sum"));
    CHECK(passage_next(&text, &part) && part.node == PROGRAM_NONE &&
          str_eq(part.literal, STR(" is too much.")));
    CHECK(!passage_next(&text, &part));
    program_release(p);
}

static void lists_find_options_by_code_and_keep_scores(void)
{
    struct program *p = compiled(FORM("choices l { x \"X\" = 1.5 \"odd code\" \"Y\" = -2 } c: "
                                      "choice(l) \"C\" s: decimal(1) = score(c)"));
    const struct program_list *list = &p->lists[node_list(node_named(p, "c"))];
    CHECK(str_eq(list->name, STR("l")) && list->option_count == 2 && list->has_scores &&
          list->score_scale == 1);
    CHECK(program_option_score(list, 0) == 15 && program_option_score(list, 1) == -20);
    CHECK(name_table_find(&list->codes, STR("odd code")) == 1 &&
          name_table_find(&list->codes, STR("z")) == NAME_ABSENT);
    CHECK(str_eq(plain(p, list->labels[1], 0), STR("Y")));
    program_release(p);
}

/* Rules run in another order than they are written in. */
static void rules_are_told_where_they_are_written(void)
{
    struct program *p = compiled("edition 2026\nform f \"Fé\" {\n  z: integer = y + 1\n  w: text \"é\" "
                                 "when x > 1\n  y: integer = x * 2\n"
                                 "  x: integer \"X\"\n  check z > 0 else \"no\" at x\n}\n");
    uint32_t seen = 0;
    CHECK(p->rule_count == 4);
    for (uint32_t i = 0; i < p->rule_count; i++) {
        const struct program_rule *rule = &p->rules[i];
        struct str name = node_name(&p->nodes[rule->node]);
        if (str_eq(name, STR("z"))) seen |= rule->line == 3 && rule->column == 14 ? 1 : 0;
        if (str_eq(name, STR("w"))) seen |= rule->line == 4 && rule->column == 15 ? 2 : 0;
        if (str_eq(name, STR("y"))) seen |= rule->line == 5 && rule->column == 14 ? 4 : 0;
        if (str_eq(name, STR("x"))) seen |= rule->line == 7 ? 8 : 0;
        if (seen == 0) fprintf(stderr, "%.*s at %u:%u\n", STR_ARG(name), rule->line, rule->column);
    }
    CHECK(seen == 15);
    program_release(p);
}

static void the_head_is_the_forms_and_the_hash_the_sources(void)
{
    struct program *p = compiled(nested);
    char hex[DIGEST_HEX_BYTES];
    struct digest digest = digest_of(str_of(nested));
    digest_hex(&digest, hex);
    CHECK(strcmp(p->source_hash, hex) == 0);
    CHECK(str_eq(p->name, STR("trip")) && p->edition == 2026 && str_eq(p->timezone, STR("UTC")));
    CHECK(p->nodes[0].kind == NODE_FORM && p->nodes[0].parent == PROGRAM_NONE &&
          p->nodes[0].subtree_end == p->node_count);
    program_release(p);
}

static void nothing_points_into_the_source(void)
{
    size_t len = strlen(nested);
    char *source = malloc(len + 1);
    if (!source) abort();
    memcpy(source, nested, len + 1);
    struct program *p = compiled(source);
    memset(source, 'X', len);
    CHECK(str_eq(p->name, STR("trip")) && str_eq(node_name(node_named(p, "a")), STR("a")));
    CHECK(str_eq(p->languages[0], STR("en")) && str_eq(p->checks[0].name, STR("limit")));
    CHECK(name_table_find(&p->objects[0].members, STR("rows")) == 3);
    free(source);
    program_release(p);
}

static void the_footprint_grows_with_declared_rows(void)
{
    struct program *few =
        compiled(FORM("repeat r \"R\" 0..10 { a: integer \"A\" b: integer = a + 1 }"));
    struct program *many =
        compiled(FORM("repeat r \"R\" 0..1000 { a: integer \"A\" b: integer = a + 1 }"));
    CHECK(many->cost.steps_max == few->cost.steps_max * 100);
    CHECK(many->cost.memory_bytes_max > few->cost.memory_bytes_max + 990u * 2 * 16);
    CHECK(many->cost.verdict_bytes_max >= few->cost.verdict_bytes_max &&
          few->cost.verdict_bytes_max <= limit(VERDICT_BYTES));
    program_release(few);
    program_release(many);
}

int main(void)
{
    every_slot_belongs_to_one_scope_and_one_purpose();
    scopes_have_the_slots_that_their_place_asks_for();
    nodes_tell_who_reads_them();
    relevance_points_to_the_nearest_condition();
    objects_find_their_members_by_key_and_pages_are_not_there();
    constant_bounds_are_the_shapes_and_others_the_rules();
    a_text_always_has_a_greatest_length();
    a_language_without_a_text_shows_the_first_ones();
    checks_carry_place_name_and_message();
    lists_find_options_by_code_and_keep_scores();
    rules_are_told_where_they_are_written();
    the_head_is_the_forms_and_the_hash_the_sources();
    nothing_points_into_the_source();
    the_footprint_grows_with_declared_rows();
    return TEST_RESULT();
}
