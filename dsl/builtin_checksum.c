/* Functions that check numbers by weights. Weights and modulus are written in the form, so that they
 * are looked at once. */
#include "base/checksum.h"
#include "dsl/builtin.h"
#include "dsl/literal.h"

enum { MODULUS_MAX = 1000 };

static struct ir_expr *weights_of(struct checking *ck, const struct expr *call)
{
    const struct expr *weights = call->args[1];
    if (weights->kind == EXPR_TEXT && checksum_weights(weights->text) > 0)
        return ir_build_text(ck, weights->span, weights->text);
    if (weights->kind != EXPR_BAD)
        complain(ck, "E0312", weights->span, "for example \"10 9 8 7 6 5 4 3 2 1\", one for each digit",
                 "the weights of %.*s() are written as a text: numbers from 0 to 99, a space between",
                 STR_ARG(call->names[0].text));
    return &ck->poison;
}

static struct ir_expr *weighed(struct checking *ck, const struct place *place, const struct expr *call,
                               enum program_helper helper, enum program_type type, int64_t modulus)
{
    struct type integer = type_of_kind(TYPE_INTEGER);
    struct ir_expr *args[] = {
        typer_into(ck, place, call->args[0], type_of_kind(TYPE_TEXT), builtin_place(ck, call, 0)),
        weights_of(ck, call), ir_build_exact(ck, call->span, integer, modulus)};
    return ir_build_call(ck, helper, type_of_kind(type), call->span, args, 3);
}

struct ir_expr *builtin_mod10(struct checking *ck, const struct place *place, const struct expr *call,
                              struct type want)
{
    (void)want;
    return weighed(ck, place, call, HELPER_WEIGHED, TYPE_BOOLEAN, 10);
}

struct ir_expr *builtin_mod11(struct checking *ck, const struct place *place, const struct expr *call,
                              struct type want)
{
    (void)want;
    return weighed(ck, place, call, HELPER_WEIGHED, TYPE_BOOLEAN, 11);
}

struct ir_expr *builtin_checksum(struct checking *ck, const struct place *place,
                                 const struct expr *call, struct type want)
{
    (void)want;
    int64_t modulus;
    if (!literal_integer(ck, call->args[2], "the modulus of checksum()", 2, MODULUS_MAX, &modulus))
        return &ck->poison;
    return weighed(ck, place, call, HELPER_CHECKSUM, TYPE_INTEGER, modulus);
}
