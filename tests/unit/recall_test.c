#include "store_fixture.h"

#include "tenants/recall.h"

static struct digest key_of(int number)
{
    char text[16];
    (void)snprintf(text, sizeof text, "%d", number);
    return digest_of(str_of(text));
}

static struct token_record token_of(const char *id, const char *tenant)
{
    return (struct token_record){.id = str_of(id), .tenant = str_of(tenant), .role = ROLE_READER};
}

struct kept {
    struct recall recall;
    struct arena arena;
};

static void begin(struct kept *kept)
{
    CHECK_STATUS(recall_init(&kept->recall, mem_heap()), ST_OK);
    arena_init(&kept->arena, mem_heap(), 16 << 20);
}

static void end(struct kept *kept)
{
    recall_release(&kept->recall);
    arena_release(&kept->arena);
}

static void keep(struct kept *kept, int number, const char *tenant, int64_t until_ms)
{
    struct digest key = key_of(number);
    struct token_record token = token_of("0123456789abcdef", tenant);
    recall_keep(&kept->recall, &key, &token, until_ms, recall_changes(&kept->recall));
}

static enum status find(struct kept *kept, int number, int64_t now_ms, struct token_record *ret_token)
{
    struct digest key = key_of(number);
    return recall_find(&kept->recall, &key, now_ms, &kept->arena, ret_token);
}

static void what_was_kept_is_found_until_it_is_over(void)
{
    struct kept kept;
    struct token_record token;
    begin(&kept);
    CHECK_STATUS(find(&kept, 1, 5, &token), ST_ABSENT);
    keep(&kept, 1, "acme", 10);
    keep(&kept, 2, "", 0);
    CHECK_STATUS(find(&kept, 1, 9, &token), ST_OK);
    CHECK_STR(token.id, STR("0123456789abcdef"));
    CHECK_STR(token.tenant, STR("acme"));
    CHECK_STATUS(find(&kept, 1, 10, &token), ST_ABSENT);
    CHECK_STATUS(find(&kept, 1, 9, &token), ST_ABSENT); /* gone for good */
    CHECK_STATUS(find(&kept, 2, INT64_MAX / 2, &token), ST_OK);
    CHECK(token.tenant.len == 0);
    end(&kept);
}

static void one_tenants_tokens_are_forgotten_and_no_others(void)
{
    struct kept kept;
    struct token_record token;
    begin(&kept);
    keep(&kept, 1, "acme", 0);
    keep(&kept, 2, "acme", 0);
    keep(&kept, 3, "other", 0);
    keep(&kept, 4, "", 0);
    recall_forget(&kept.recall, STR("acme"));
    CHECK_STATUS(find(&kept, 1, 5, &token), ST_ABSENT);
    CHECK_STATUS(find(&kept, 2, 5, &token), ST_ABSENT);
    CHECK_STATUS(find(&kept, 3, 5, &token), ST_OK);
    CHECK_STATUS(find(&kept, 4, 5, &token), ST_OK);
    recall_forget(&kept.recall, STR(""));
    CHECK_STATUS(find(&kept, 3, 5, &token), ST_OK);
    CHECK_STATUS(find(&kept, 4, 5, &token), ST_ABSENT);
    end(&kept);
}

static void what_was_read_before_a_change_is_not_kept_after_it(void)
{
    struct kept kept;
    struct digest key = key_of(1);
    struct token_record token = token_of("0123456789abcdef", "acme");
    begin(&kept);
    uint64_t changes = recall_changes(&kept.recall);
    recall_forget(&kept.recall, STR("acme"));
    recall_keep(&kept.recall, &key, &token, 0, changes);
    CHECK_STATUS(find(&kept, 1, 5, &token), ST_ABSENT);
    end(&kept);
}

static void an_old_use_is_told_once(void)
{
    const int64_t edge = LIMIT_TOKEN_TOUCH_SECONDS * INT64_C(1000);
    struct kept kept;
    struct token_record token;
    begin(&kept);
    keep(&kept, 1, "acme", 0); /* last used at 0 */
    CHECK_STATUS(find(&kept, 1, edge - 1, &token), ST_OK);
    CHECK_NUMBER(token.last_used_ms, 0);
    CHECK_STATUS(find(&kept, 1, edge, &token), ST_OK);
    CHECK_NUMBER(token.last_used_ms, 0);
    CHECK_STATUS(find(&kept, 1, edge, &token), ST_OK);
    CHECK_NUMBER(token.last_used_ms, edge);
    end(&kept);
}

/* However many come, there is room for so many; one that is used all the time stays. */
static void it_holds_its_limit_and_lets_the_idle_go(void)
{
    struct kept kept;
    struct token_record token;
    int known = 0;
    begin(&kept);
    keep(&kept, 0, "acme", 0);
    for (int i = 1; i <= 4 * limit(TOKENS_KNOWN); i++) {
        keep(&kept, i, "acme", 0);
        CHECK_STATUS(find(&kept, 0, 5, &token), ST_OK);
        arena_reset(&kept.arena);
    }
    for (int i = 0; i <= 4 * limit(TOKENS_KNOWN); i++) known += find(&kept, i, 5, &token) == ST_OK;
    CHECK_NUMBER(known, limit(TOKENS_KNOWN));
    end(&kept);
}

/* As two do that look for the same token at the same time. */
static void what_is_kept_twice_is_there_once(void)
{
    struct kept kept;
    struct token_record token;
    begin(&kept);
    keep(&kept, 1, "acme", 10);
    keep(&kept, 1, "other", 20);
    CHECK_STATUS(find(&kept, 1, 15, &token), ST_OK);
    CHECK_STR(token.tenant, STR("other"));
    CHECK_STATUS(find(&kept, 1, 20, &token), ST_ABSENT);
    CHECK_STATUS(find(&kept, 1, 5, &token), ST_ABSENT); /* and not the first one again */
    end(&kept);
}

int main(void)
{
    what_was_kept_is_found_until_it_is_over();
    one_tenants_tokens_are_forgotten_and_no_others();
    what_was_read_before_a_change_is_not_kept_after_it();
    an_old_use_is_told_once();
    it_holds_its_limit_and_lets_the_idle_go();
    what_is_kept_twice_is_there_once();
    return TEST_RESULT();
}
