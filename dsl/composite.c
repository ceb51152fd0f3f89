#include "dsl/composite.h"

#include "base/limits.h"
#include "dsl/matrix.h"
#include "dsl/media.h"

#include <assert.h>
#include <inttypes.h>

enum { MEMBERS_MOST = 5, MODIFIERS_MOST = 8 };

/* When a member is asked for, in a whole that is relevant. */
enum need {
    NEED_NEVER,
    NEED_BEGUN, /* whenever anything of the whole is answered */
    NEED_ASKED, /* then, and where `required` asks for the whole */
};

/* A member and its bounds, as they are written. */
struct member {
    struct str name;
    enum type_name type;
    enum need need;
    uint32_t scale;
    const char *min, *max; /* NULL: none */
    bool negative;         /* `min` is below 0 */
    int64_t chars;         /* at most; 0: no text */
    struct str pattern;    /* len 0: none */
};

struct composite {
    const char *name, *hint;
    const struct member *members;
    uint32_t member_count;
    bool is_file;
};

#define NUMBER(NAME, SCALE, MIN, MAX, NEGATIVE, NEED)                                                  \
    {                                                                                                  \
        .name = {NAME, sizeof(NAME) - 1}, .type = TYPE_NAME_DECIMAL, .scale = SCALE, .min = MIN,       \
        .max = MAX, .negative = NEGATIVE, .need = NEED                                                 \
    }

#define TEXT(NAME, CHARS, PATTERN, NEED)                                                               \
    {                                                                                                  \
        .name = {NAME, sizeof(NAME) - 1}, .type = TYPE_NAME_TEXT, .chars = CHARS,                      \
        .pattern = {PATTERN, sizeof(PATTERN) - 1}, .need = NEED                                        \
    }

#define BYTES                                                                                          \
    {                                                                                                  \
        .name = {"size", 4}, .type = TYPE_NAME_INTEGER, .min = "0", .need = NEED_BEGUN                 \
    }

static const struct member of_geopoint[] = {
    NUMBER("latitude", 7, "90", "90", true, NEED_ASKED),
    NUMBER("longitude", 7, "180", "180", true, NEED_ASKED),
    NUMBER("altitude", 2, NULL, NULL, false, NEED_NEVER),
    NUMBER("accuracy", 2, "0", NULL, false, NEED_NEVER),
};

/* A name has no folders in it, and nothing that cannot be seen. */
#define NAME_PATTERN "[^/\\\\\\p{Cc}]*"

static const struct member of_file[] = {
    TEXT("id", LIMIT_FILE_ID_CHARS, "", NEED_ASKED),
    TEXT("name", LIMIT_FILE_NAME_CHARS, NAME_PATTERN, NEED_BEGUN),
    TEXT("type", LIMIT_MEDIA_TYPE_CHARS, "", NEED_BEGUN),
    BYTES,
    TEXT("sha256", 64, "[0-9a-f]{64}", NEED_NEVER),
};

/* What somebody has drawn has no name that anybody gave it. */
static const struct member of_signature[] = {
    TEXT("id", LIMIT_FILE_ID_CHARS, "", NEED_ASKED),
    TEXT("name", LIMIT_FILE_NAME_CHARS, NAME_PATTERN, NEED_NEVER),
    TEXT("type", LIMIT_MEDIA_TYPE_CHARS, "", NEED_BEGUN),
    BYTES,
    TEXT("sha256", 64, "[0-9a-f]{64}", NEED_NEVER),
};

static const char file_hint[] =
    "it takes required, when, unless, hint, key, hidden, keep, sensitive, types, size and checks";

static const struct composite composites[] = {
    [TYPE_NAME_GEOPOINT] = {"geopoint", "a check may ask for its latitude, longitude, …", of_geopoint,
                            sizeof of_geopoint / sizeof *of_geopoint, false},
    [TYPE_NAME_FILE] = {"file", file_hint, of_file, sizeof of_file / sizeof *of_file, true},
    [TYPE_NAME_SIGNATURE] = {"signature", file_hint, of_signature,
                             sizeof of_signature / sizeof *of_signature, true},
};

static const struct composite *composite_of(const struct item *item)
{
    if (item->matrix) return NULL; /* the type is that of its rows */
    if (item->type.name >= sizeof composites / sizeof *composites) return NULL;
    const struct composite *composite = &composites[item->type.name];
    return composite->name ? composite : NULL;
}

const char *composite_name(const struct item *item)
{
    bool made = item && item->kind == ITEM_GROUP && composite_of(item);
    return made ? composite_of(item)->name : NULL;
}

/* What is drawn is a picture. */
const struct expr_name *composite_types(const struct item *item, uint32_t *ret_count)
{
    static const struct expr_name picture = {{"image/*", 7}, {0, 0}};
    const struct modifier *said = item_modifier(item, MODIFIER_TYPES);
    bool drawn = !said && item->type.name == TYPE_NAME_SIGNATURE;
    *ret_count = said ? said->string_count : drawn;
    return said ? said->strings : drawn ? &picture : NULL;
}

/* ---- expressions that nobody wrote: they stand where the type does. NULL: memory is out */

static struct expr *new_expr(struct checking *ck, const struct item *item, enum expr_kind kind,
                             struct expr *a, struct expr *b)
{
    struct expr *e = CHECKING_NEW(ck, struct expr);
    struct expr **args = CHECKING_ARRAY(ck, struct expr *, 2);
    if (!e || !args) return NULL;
    args[0] = a;
    args[1] = b;
    *e = (struct expr){.kind = kind,
                       .span = item->type.span,
                       .op_span = item->type.span,
                       .args = args,
                       .arg_count = (uint32_t)(a != NULL) + (uint32_t)(b != NULL),
                       .depth = 1};
    return e;
}

static struct expr *new_number(struct checking *ck, const struct item *item, const char *digits,
                               bool negative)
{
    struct expr *number = new_expr(ck, item, EXPR_NUMBER, NULL, NULL);
    if (number) number->text = str_of(digits);
    if (!number || !negative) return number;
    struct expr *e = new_expr(ck, item, EXPR_UNARY, number, NULL);
    if (e) e->op = OP_NEGATE;
    return e;
}

static struct expr_name *new_name(struct checking *ck, const struct item *item, struct str name)
{
    struct expr_name *made = CHECKING_NEW(ck, struct expr_name);
    if (made) *made = (struct expr_name){name, item->type.span};
    return made;
}

/* answered(place) */
static struct expr *is_answered(struct checking *ck, const struct item *item)
{
    struct expr *path = new_expr(ck, item, EXPR_PATH, NULL, NULL);
    struct expr *call = path ? new_expr(ck, item, EXPR_CALL, path, NULL) : NULL;
    if (!call) return NULL;
    path->names = new_name(ck, item, item->name);
    call->names = new_name(ck, item, STR("answered"));
    path->name_count = call->name_count = 1;
    return path->names && call->names ? call : NULL;
}

/* Definitely true where what `unless` asks is not. */
static struct expr *is_not(struct checking *ck, const struct item *item, struct expr *asked)
{
    struct expr *never = new_expr(ck, item, EXPR_FALSE, NULL, NULL);
    struct expr *either = never ? new_expr(ck, item, EXPR_BINARY, asked, never) : NULL;
    if (either) either->op = OP_COALESCE;
    struct expr *e = either ? new_expr(ck, item, EXPR_UNARY, either, NULL) : NULL;
    if (e) e->op = OP_NOT;
    return e;
}

/* ---- members */

static void add_modifier(struct item *field, struct modifier modifier)
{
    assert(field->modifier_count < MODIFIERS_MOST);
    field->modifiers[field->modifier_count++] = modifier;
}

/* What is begun is ended; `required` asks even for the beginning. */
static void add_required(struct checking *ck, const struct item *item, enum need need,
                         struct item *field)
{
    const struct modifier *said = need == NEED_ASKED ? item_modifier(item, MODIFIER_REQUIRED) : NULL;
    struct modifier modifier = {.kind = MODIFIER_REQUIRED, .span = item->type.span};
    if (need == NEED_NEVER) return;
    if (said) modifier = *said;
    if (said && !said->expr) {
        add_modifier(field, modifier);
        return;
    }
    struct expr *asked = said && said->unless ? is_not(ck, item, said->expr) : modifier.expr;
    modifier.unless = false;
    modifier.expr = is_answered(ck, item);
    if (asked && modifier.expr) {
        modifier.expr = new_expr(ck, item, EXPR_BINARY, modifier.expr, asked);
        if (modifier.expr) modifier.expr->op = OP_OR;
    }
    add_modifier(field, modifier);
}

static void add_bound(struct checking *ck, const struct item *item, struct item *field,
                      enum modifier_kind kind, const char *digits, bool negative)
{
    if (!digits) return;
    add_modifier(field, (struct modifier){.kind = kind,
                                          .span = item->type.span,
                                          .expr = new_number(ck, item, digits, negative)});
}

static void add_pattern(const struct item *item, struct item *field, struct str pattern,
                        const struct modifier *said)
{
    if (pattern.len == 0) return;
    struct modifier modifier = {.kind = MODIFIER_PATTERN,
                                .span = said ? said->span : item->type.span,
                                .string = pattern,
                                .string_span = said ? said->span : item->type.span};
    if (said) modifier.message = said->message;
    add_modifier(field, modifier);
}

static void add_length(const struct item *item, struct item *field, int64_t most)
{
    if (most == 0) return;
    add_modifier(field, (struct modifier){
                            .kind = MODIFIER_LENGTH, .span = item->type.span, .low = -1, .high = most});
}

/* `hidden`, `keep` and `sensitive` are said of fields. */
static void add_said(const struct item *item, struct item *field, enum modifier_kind kind)
{
    const struct modifier *said = item_modifier(item, kind);
    if (said) add_modifier(field, *said);
}

static void make_member(struct checking *ck, const struct item *item, const struct member *member,
                        struct item *field)
{
    *field = (struct item){.kind = ITEM_FIELD,
                           .span = item->span,
                           .head = item->head,
                           .name = member->name,
                           .name_span = item->name_span};
    field->type =
        (struct type_ref){.name = member->type, .span = item->type.span, .scale = member->scale};
    field->type.argument = STR("");
    field->modifiers = CHECKING_ARRAY(ck, struct modifier, MODIFIERS_MOST);
    if (!field->modifiers) return;
    add_required(ck, item, member->need, field);
    add_bound(ck, item, field, MODIFIER_MIN, member->min, member->negative);
    add_bound(ck, item, field, MODIFIER_MAX, member->max, false);
    add_length(item, field, member->chars);
    add_pattern(item, field, member->pattern, NULL);
    add_said(item, field, MODIFIER_HIDDEN);
    add_said(item, field, MODIFIER_KEEP);
    add_said(item, field, MODIFIER_SENSITIVE);
}

/* ---- what is said of files */

static struct item *member_of(struct item *item, struct str name)
{
    for (uint32_t i = 0; i < item->child_count; i++)
        if (str_eq(item->children[i].name, name)) return &item->children[i];
    assert(false); /* every file has it */
    return NULL;
}

static void check_type(struct checking *ck, const struct expr_name *type)
{
    const char *hint = "as in \"application/pdf\" or \"image/*\", in small letters";
    if (media_type_valid(type->text)) return;
    if (type->text.len > 0 && type->text.ptr[0] == '.')
        hint = "say the type, not how names end: \"application/pdf\" for .pdf";
    complain(ck, "E0236", type->span, hint, "\"%.*s\" is no media type", STR_ARG(type->text));
}

/* `types` is a pattern of the member `type`. */
static void apply_types(struct checking *ck, struct item *item)
{
    uint32_t count, errors = ck->diags->errors;
    const struct expr_name *types = composite_types(item, &count);
    const struct modifier *said = item_modifier(item, MODIFIER_TYPES);
    for (uint32_t i = 0; said && i < count; i++) check_type(ck, &types[i]);
    if (ck->diags->errors != errors) return;
    struct str pattern = media_pattern(ck->arena, types, count);
    if (!pattern.ptr) checking_out_of_memory(ck);
    else if (pattern.len > (size_t)limit(PATTERN_BYTES))
        complain(
            ck, "E0236", said->span, "an asterisk stands for every subtype",
            "these types are too many: as one pattern they have %zu bytes, at most %d are possible",
            pattern.len, limit(PATTERN_BYTES));
    else add_pattern(item, member_of(item, STR("type")), pattern, said);
}

static void apply_side(struct checking *ck, const struct item *item, struct item *field,
                       enum modifier_kind kind, int64_t bytes, struct expr *expr)
{
    const struct modifier *said = item_modifier(item, MODIFIER_SIZE);
    if (bytes < 0 && !expr) return;
    struct modifier modifier = {.kind = kind, .span = said->span, .expr = expr};
    modifier.message = said->message;
    if (!expr) modifier.expr = new_number(ck, item, checking_text(ck, "%" PRId64, bytes), false);
    if (!expr && modifier.expr) modifier.expr->span = said->span;
    add_modifier(field, modifier);
}

/* `size 1..10_000_000` bounds the member `size`, whose own min 0 gives way. */
static void apply_size(struct checking *ck, struct item *item)
{
    const struct modifier *said = item_modifier(item, MODIFIER_SIZE);
    struct item *size = member_of(item, STR("size"));
    if (!said) return;
    bool low = said->low >= 0 || said->low_expr;
    for (uint32_t i = 0; low && i < size->modifier_count; i++)
        if (size->modifiers[i].kind == MODIFIER_MIN)
            size->modifiers[i] = size->modifiers[--size->modifier_count];
    apply_side(ck, item, size, MODIFIER_MIN, said->low, said->low_expr);
    apply_side(ck, item, size, MODIFIER_MAX, said->high, said->high_expr);
}

/* ---- what may be said of the whole */

/* What stays with it; of `types` so that renderers are told. */
static bool stays(const struct composite *composite, enum modifier_kind kind)
{
    return kind == MODIFIER_WHEN || kind == MODIFIER_UNLESS || kind == MODIFIER_HINT ||
           kind == MODIFIER_KEY || kind == MODIFIER_CHECK ||
           (kind == MODIFIER_TYPES && composite->is_file);
}

static bool is_of_members(const struct composite *composite, enum modifier_kind kind)
{
    return kind == MODIFIER_REQUIRED || kind == MODIFIER_HIDDEN || kind == MODIFIER_KEEP ||
           kind == MODIFIER_SENSITIVE || (kind == MODIFIER_SIZE && composite->is_file);
}

static void keep_modifiers(struct checking *ck, const struct composite *composite, struct item *item)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < item->modifier_count; i++) {
        struct modifier modifier = item->modifiers[i];
        if (stays(composite, modifier.kind)) item->modifiers[count++] = modifier;
        else if (!is_of_members(composite, modifier.kind))
            complain(ck, "E0211", modifier.span, composite->hint, "this does not fit %s",
                     composite->name);
    }
    item->modifier_count = count;
}

static void make_group(struct checking *ck, const struct composite *composite, struct item *item)
{
    struct item *members = CHECKING_ARRAY(ck, struct item, MEMBERS_MOST);
    if (!members) return;
    assert(composite->member_count == type_name_fields(item->type.name));
    for (uint32_t i = 0; i < composite->member_count; i++)
        make_member(ck, item, &composite->members[i], &members[i]);
    if (ck->failure) return;
    item->children = members;
    item->child_count = composite->member_count;
    if (composite->is_file) apply_types(ck, item);
    if (composite->is_file) apply_size(ck, item);
    keep_modifiers(ck, composite, item);
    item->kind = ITEM_GROUP;
}

static void apply(struct checking *ck, struct item *items, uint32_t count)
{
    for (uint32_t i = 0; i < count && !ck->failure; i++) {
        const struct composite *composite =
            items[i].kind == ITEM_FIELD ? composite_of(&items[i]) : NULL;
        if (items[i].kind == ITEM_MATRIX) matrix_make(ck, &items[i]);
        if (composite) make_group(ck, composite, &items[i]);
        else apply(ck, items[i].children, items[i].child_count);
    }
}

void composite_apply(struct checking *ck)
{
    apply(ck, ck->tree->items, ck->tree->item_count);
}
