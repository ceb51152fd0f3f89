/* Indexed: the values by which a submission is found, as bytes in order. */
#include "runtime/judge.h"
#include "runtime/runtime.h"

#include "base/sortkey.h"

#include <assert.h>

struct teller {
    const struct answers *answers;
    const struct program *program;
    void (*tell)(void *user, uint32_t node, struct str key);
    void *user;
};

static void tell_option(const struct teller *teller, uint32_t node, uint32_t option)
{
    const struct program_list *list = &teller->program->lists[node_list(&teller->program->nodes[node])];
    if (option < list->option_count)
        teller->tell(teller->user, node, program_option_code(list, option));
}

static void tell_set(const struct teller *teller, uint32_t node, const struct slot *slot)
{
    for (uint32_t i = 0; i < slot->len * 8; i++)
        if ((unsigned char)slot->value.text[i / 8] >> i % 8 & 1) tell_option(teller, node, i);
}

static void tell_bytes(const struct teller *teller, uint32_t node, const struct slot *slot)
{
    const struct program_node *field = &teller->program->nodes[node];
    char key[SORTKEY_BYTES];
    size_t len;
    switch (field->type) {
    case TYPE_INTEGER:
    case TYPE_DECIMAL:
    case TYPE_MONEY:
        len = sortkey_exact(slot->value.exact, field->scale, key);
        break;
    case TYPE_NUMBER:
        len = sortkey_double(slot->value.number, key);
        break;
    default:
        len = sortkey_int(slot->value.exact, key);
    }
    teller->tell(teller->user, node, (struct str){key, len});
}

static void tell_value(const struct teller *teller, uint32_t node, const struct slot *slot)
{
    switch (teller->program->nodes[node].type) {
    case TYPE_TEXT:
        teller->tell(teller->user, node, (struct str){slot->value.text, slot->len});
        return;
    case TYPE_CHOICE:
        tell_option(teller, node, (uint32_t)slot->value.exact - 1);
        return;
    case TYPE_CHOICES:
        tell_set(teller, node, slot);
        return;
    default:
        tell_bytes(teller, node, slot);
    }
}

void verdict_tell_indexed(const struct judge *judge,
                          void (*tell)(void *user, uint32_t node, struct str key), void *user)
{
    struct teller teller = {&judge->answers, judge->judging.program, tell, user};
    assert(judge->world); /* the last judging ended with a verdict */
    for (uint32_t i = 0; i < teller.program->indexed_count; i++) {
        uint32_t number = teller.program->indexed[i];
        const struct program_node *node = &teller.program->nodes[number];
        for (uint32_t row = 0; row < teller.answers->tables[node->scope].count; row++) {
            const struct slot *slot = answers_of(teller.answers, number, row);
            if (slot->state != SLOT_SET) continue;
            if (node->keep || answers_relevant(teller.answers, number, node->scope, row))
                tell_value(&teller, number, slot);
        }
    }
}
