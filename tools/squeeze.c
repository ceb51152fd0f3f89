/* Squeeze: several ES modules of ours as one, as small as names and white space can be made without a
 * parser.
 *
 *     squeeze createForm,pointerOf -- exact.js text.js … core.js >formwright.js
 *
 *     squeeze zoneOf -- zone.js -- ./formwright.js+exactly,padded exact.js civil.js … >zone.js
 *
 * The files come in an order in which what runs at once finds what it needs. Imports and exports
 * between them go, the names before "--" are exported at the end; those behind a "+" are for our other
 * files alone and have short names there, by their turn. What stands behind another "--" is a
 * module that is there already and the files that it was made of: what is imported from those comes
 * from it, by its name, and their constants that are numbers are known. Comments go, and white space
 * that nothing needs. Names are shortened that are nowhere a member's, by one rule for all files, so
 * that scopes stay what they are; names that the browser gives stay (globals below).
 *
 * It knows tokens and brackets, no grammar, and asks our own style: one import a line, no labels, no
 * `with`, no regular expression right behind a ")". What it cannot read it refuses. tests/web runs the
 * tests of the library over what it makes. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SOURCE_BYTES = 1 << 20,
    TOKENS = 1 << 17,
    NAMES = 1 << 13,
    DEPTH = 256,
    FILES = 64,
    BESIDES = 4,
    ALL_BYTES = 256 << 20
};

enum kind { PUNCTUATOR, NAME, NUMBER, QUOTED /* strings, regular expressions, pieces of templates */ };
enum around { BLOCK, OBJECT, CLASS, LIST /* ( and [ */, TEMPLATE };

struct token {
    enum kind kind;
    struct str text;
    uint32_t statement; /* of the whole, from 1 */
    bool newline;       /* before it */
    bool key;           /* a member's name */
    bool twofold;       /* a member and a variable: { a }, { a = 1 } */
    bool gone;
};

/* Within one statement of the whole, or, of scope 0, everywhere. */
struct name {
    struct str text, brief;
    uint32_t scope, count, first; /* first: the token that has it first */
    bool kept, number;            /* number: a constant, written as what it is */
    uint32_t beside;              /* from 1: it is imported from there */
};

/* A module beside this one, made of `files`. */
struct beside {
    struct str module, shared, files[FILES];
    uint32_t file_count;
};

struct squeeze {
    struct arena *arena;
    struct token *tokens;
    uint32_t count;
    struct name *names;
    uint32_t name_count;
    struct str exports, shared;
    struct beside besides[BESIDES];
    uint32_t beside_count;
};

/* What the browser and the language give. */
static const char *const globals[] = {
    "AbortController", "AbortSignal", "Array", "BigInt", "Blob", "Boolean", "CSS", "CustomEvent",
    "Date", "DataTransfer", "Error", "Event", "EventTarget", "FormData", "HTMLElement", "Infinity",
    "Intl", "JSON", "Map", "Math", "MutationObserver", "NaN", "Number", "Object", "Promise", "Proxy",
    "RangeError", "Reflect", "RegExp", "Request", "Response", "Set", "String", "Symbol", "SyntaxError",
    "TextDecoder", "TextEncoder", "TypeError", "URL", "URLSearchParams", "Uint8Array", "WeakMap",
    "WeakRef", "WeakSet", "addEventListener", "arguments", "btoa", "caches", "cancelAnimationFrame",
    "clearTimeout", "console", "constructor", "crypto", "customElements", "decodeURIComponent",
    "document", "encodeURIComponent", "event", "fetch", "globalThis", "history", "indexedDB",
    "isFinite", "isNaN", "IDBKeyRange", "Iterator", "Node", "NodeFilter", "TrustedHTML", "trustedTypes",
    "localStorage", "location", "matchMedia", "navigator", "parseFloat", "parseInt", "performance",
    "process", "queueMicrotask", "removeEventListener", "requestAnimationFrame", "requestIdleCallback",
    "self", "sessionStorage", "setInterval", "clearInterval", "setTimeout", "structuredClone", "window",
    /* words of the language */
    "as", "async", "await", "break", "case", "catch", "class", "const", "continue", "default", "delete",
    "do", "else", "export", "extends", "false", "finally", "for", "from", "function", "get", "if",
    "import", "in", "instanceof", "let", "new", "null", "of", "return", "set", "static", "super",
    "switch", "this", "throw", "true", "try", "typeof", "undefined", "var", "void", "while", "yield"};

static _Noreturn void refuse(const char *why, struct str where)
{
    fprintf(stderr, "squeeze: %s at: %.*s\n", why, (int)(where.len < 60 ? where.len : 60), where.ptr);
    exit(1);
}

/* ---- tokens */

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$';
}

static bool is(const struct token *token, const char *text)
{
    return token->kind != QUOTED && str_eq(token->text, str_of(text));
}

static bool is_one_of(const struct token *token, const char *const *texts)
{
    for (; *texts; texts++)
        if (is(token, *texts)) return true;
    return false;
}

static void add(struct squeeze *squeeze, enum kind kind, struct str *rest, size_t len, bool newline)
{
    if (squeeze->count == TOKENS) refuse("too many tokens", *rest);
    squeeze->tokens[squeeze->count++] =
        (struct token){.kind = kind, .text = {rest->ptr, len}, .newline = newline};
    *rest = (struct str){rest->ptr + len, rest->len - len};
}

/* Whether "/" begins a regular expression here: what stands before is no value. */
static bool value_is_due(const struct squeeze *squeeze)
{
    static const char *const words[] = {"return", "typeof", "case", "in", "of", NULL};
    if (squeeze->count == 0) return true;
    const struct token *last = &squeeze->tokens[squeeze->count - 1];
    if (last->kind == NAME) return is_one_of(last, words);
    return last->kind == PUNCTUATOR && !strchr(")]}", last->text.ptr[0]);
}

static size_t quoted_len(struct str text, char end)
{
    bool class = false;
    for (size_t i = 1; i < text.len && text.ptr[i] != '\n'; i++) {
        char c = text.ptr[i];
        if (c == '\\') i++;
        else if (end == '/' && c == '[') class = true;
        else if (end == '/' && c == ']') class = false;
        else if (c == end && !class) return i + 1;
    }
    refuse("no end", text);
}

static size_t regexp_len(struct str text)
{
    size_t len = quoted_len(text, '/');
    while (len < text.len && is_word(text.ptr[len])) len++;
    return len;
}

/* From "`" or "}" to "`" or "${". */
static size_t template_len(struct str text)
{
    for (size_t i = 1; i < text.len; i++) {
        if (text.ptr[i] == '\\') i++;
        else if (text.ptr[i] == '`') return i + 1;
        else if (text.ptr[i] == '$' && i + 1 < text.len && text.ptr[i + 1] == '{') return i + 2;
    }
    refuse("no end", text);
}

static size_t word_len(struct str text)
{
    size_t len = 0;
    bool number = text.ptr[0] >= '0' && text.ptr[0] <= '9';
    while (len < text.len && (is_word(text.ptr[len]) || (number && text.ptr[len] == '.') ||
                              (number && len > 0 && text.ptr[len] == '-' && text.ptr[len - 1] == 'e' &&
                               text.ptr[1] != 'x')))
        len++;
    return len;
}

static size_t punctuator_len(struct str text)
{
    static const char *const longer[] = {"...", "?.", "=>", "++", "--", NULL};
    for (const char *const *each = longer; *each; each++)
        if (str_starts(text, str_of(*each))) return strlen(*each);
    return 1;
}

/* White space and comments; whether a line ended. */
static bool skip_blanks(struct str *rest)
{
    bool newline = false;
    for (;;) {
        size_t len = 0;
        while (len < rest->len && strchr(" \t\r\n", rest->ptr[len]))
            newline |= rest->ptr[len++] == '\n';
        struct str at = {rest->ptr + len, rest->len - len};
        if (str_starts(at, STR("//"))) {
            while (at.len > 0 && at.ptr[0] != '\n') at = (struct str){at.ptr + 1, at.len - 1};
        } else if (str_starts(at, STR("/*"))) {
            while (at.len > 0 && !str_starts(at, STR("*/"))) at = (struct str){at.ptr + 1, at.len - 1};
            if (at.len == 0) refuse("a comment has no end", *rest);
            at = (struct str){at.ptr + 2, at.len - 2};
        } else if (len == 0) {
            return newline;
        }
        *rest = at;
    }
}

/* Braces that are open, each with whether it is that of a "${". */
struct braces {
    bool template[DEPTH];
    uint32_t depth;
};

static void open_brace(struct braces *braces, bool template, struct str at)
{
    if (braces->depth == DEPTH) refuse("too deep", at);
    braces->template[braces->depth++] = template;
}

static void take_template(struct squeeze *squeeze, struct braces *braces, struct str *rest,
                          bool newline)
{
    size_t len = template_len(*rest);
    bool opens = rest->ptr[len - 1] == '{';
    add(squeeze, QUOTED, rest, len, newline);
    if (opens) open_brace(braces, true, *rest);
}

static void take_token(struct squeeze *squeeze, struct braces *braces, struct str *rest, bool newline)
{
    char c = rest->ptr[0];
    if (c == '}' && braces->depth > 0 && braces->template[--braces->depth]) {
        take_template(squeeze, braces, rest, newline);
        return;
    }
    if (c == '{') open_brace(braces, false, *rest);
    if (c == '`') take_template(squeeze, braces, rest, newline);
    else if (c == '\'' || c == '"') add(squeeze, QUOTED, rest, quoted_len(*rest, c), newline);
    else if (c == '/' && value_is_due(squeeze)) add(squeeze, QUOTED, rest, regexp_len(*rest), newline);
    else if (is_word(c))
        add(squeeze, c >= '0' && c <= '9' ? NUMBER : NAME, rest, word_len(*rest), newline);
    else add(squeeze, PUNCTUATOR, rest, punctuator_len(*rest), newline);
}

static void take_file(struct squeeze *squeeze, struct str text)
{
    struct braces braces = {.depth = 0};
    struct str rest = text;
    bool newline = true;
    for (;;) {
        newline |= skip_blanks(&rest);
        if (rest.len == 0) break;
        take_token(squeeze, &braces, &rest, newline);
        newline = false;
    }
    if (braces.depth > 0) refuse("a brace is not closed", text);
}

/* ---- files */

static struct str read_file(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) refuse("no such file", str_of(path));
    char *bytes = arena_alloc(arena, SOURCE_BYTES);
    if (!bytes) refuse("no memory", str_of(path));
    size_t len = fread(bytes, 1, SOURCE_BYTES, file);
    fclose(file);
    if (len == SOURCE_BYTES) refuse("too long", str_of(path));
    return (struct str){bytes, len};
}

/* ---- imports and exports */

static void drop(struct squeeze *squeeze, uint32_t from, uint32_t end)
{
    for (uint32_t i = from; i < end; i++) squeeze->tokens[i].gone = true;
}

static uint32_t line_end(const struct squeeze *squeeze, uint32_t from)
{
    uint32_t i = from + 1;
    while (i < squeeze->count && !squeeze->tokens[i].newline) i++;
    return i;
}

static void close_gaps(struct squeeze *squeeze)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < squeeze->count; i++)
        if (!squeeze->tokens[i].gone) squeeze->tokens[kept++] = squeeze->tokens[i];
    squeeze->count = kept;
}

/* ---- names */

static struct name *name_find(const struct squeeze *squeeze, struct str text, uint32_t scope)
{
    for (uint32_t i = 0; i < squeeze->name_count; i++)
        if (squeeze->names[i].scope == scope && str_eq(squeeze->names[i].text, text))
            return &squeeze->names[i];
    return NULL;
}

static struct name *name_add(struct squeeze *squeeze, struct str text, uint32_t scope)
{
    struct name *name = name_find(squeeze, text, scope);
    if (name) return name;
    if (squeeze->name_count == NAMES) refuse("too many names", text);
    name = &squeeze->names[squeeze->name_count++];
    *name = (struct name){.text = text, .brief = text, .scope = scope};
    return name;
}

/* "const A = 1, B = 2" and the end of the line: the tokens it has; 0: it is something else. */
static uint32_t numbers_at(const struct squeeze *squeeze, uint32_t from)
{
    uint32_t i = from;
    if (!squeeze->tokens[i].newline || !is(&squeeze->tokens[i], "const")) return 0;
    do {
        if (i + 4 >= squeeze->count || squeeze->tokens[i + 1].kind != NAME ||
            !is(&squeeze->tokens[i + 2], "=") || squeeze->tokens[i + 3].kind != NUMBER)
            return 0;
        i += 4;
    } while (is(&squeeze->tokens[i], ","));
    return squeeze->tokens[i].newline ? i - from : 0;
}

/* ---- names that are agreed upon */

/* "a" to "Z", then "aa" and so on. */
static struct str brief_at(struct arena *arena, uint32_t number)
{
    static const char letters[] = "etnsiroalcdufpmhgvybwxkqjzETNSIROALCDUFPMHGVYBWXKQJZ_";
    const uint32_t base = sizeof letters - 1;
    char text[4];
    size_t len = 0;
    for (uint32_t left = number + 1; left > 0 && len < sizeof text; left = (left - 1) / base)
        text[len++] = letters[(left - 1) % base];
    return arena_str(arena, (struct str){text, len});
}

/* Cuts the first of "a,b,c" off. */
static struct str cut_name(struct str *names)
{
    struct str rest = *names, name = {rest.ptr, 0};
    while (name.len < rest.len && rest.ptr[name.len] != ',') name.len++;
    size_t cut = name.len < rest.len ? name.len + 1 : name.len;
    *names = (struct str){rest.ptr + cut, rest.len - cut};
    return name;
}

/* The part behind "+" of what is given as "a,b+c,d", which loses it. */
static struct str cut_shared(struct str *given)
{
    for (size_t i = 0; i < given->len; i++) {
        if (given->ptr[i] != '+') continue;
        struct str shared = {given->ptr + i + 1, given->len - i - 1};
        given->len = i;
        return shared;
    }
    return (struct str){given->ptr, 0};
}

/* What our other files call a name: "$" and its turn; nothing else begins with that. Empty: no such. */
static struct str shared_brief(struct arena *arena, struct str shared, struct str name)
{
    for (uint32_t turn = 0; shared.len; turn++) {
        if (!str_eq(cut_name(&shared), name)) continue;
        struct str brief = brief_at(arena, turn);
        return arena_printf(arena, "$%.*s", STR_ARG(brief));
    }
    return STR("");
}

/* ---- modules beside this one */

/* The constants of its files that are numbers, which it does not export but has everywhere. */
static void learn_numbers(struct squeeze *squeeze, const char *path)
{
    uint32_t before = squeeze->count;
    take_file(squeeze, read_file(squeeze->arena, path));
    add(squeeze, PUNCTUATOR, &(struct str){"", 0}, 0, true); /* behind its last line */
    for (uint32_t i = before; i + 1 < squeeze->count; i++) {
        if (!is(&squeeze->tokens[i], "export")) continue;
        squeeze->tokens[i + 1].newline = true;
        uint32_t len = numbers_at(squeeze, i + 1);
        for (uint32_t k = i + 1; k < i + 1 + len; k += 4) {
            struct name *name = name_add(squeeze, squeeze->tokens[k + 1].text, 0);
            name->brief = squeeze->tokens[k + 3].text;
            name->number = name->kept = true;
        }
    }
    squeeze->count = before;
}

static bool is_file(struct str path, struct str name)
{
    size_t before = path.len - name.len;
    return path.len >= name.len && str_eq((struct str){path.ptr + before, name.len}, name);
}

/* The number of what is beside of which './exact.js' is a file, from 1; 0: none. */
static uint32_t beside_of(const struct squeeze *squeeze, struct str quoted)
{
    if (quoted.len < 4) return 0;
    struct str name = {quoted.ptr + 2, quoted.len - 3}; /* "/exact.js" */
    for (uint32_t i = 0; i < squeeze->beside_count; i++)
        for (uint32_t k = 0; k < squeeze->besides[i].file_count; k++)
            if (is_file(squeeze->besides[i].files[k], name)) return i + 1;
    return 0;
}

/* "import { a, b } from './exact.js'" from `from` to `end`. */
static void take_import(struct squeeze *squeeze, uint32_t from, uint32_t end)
{
    uint32_t beside = beside_of(squeeze, squeeze->tokens[end - 1].text);
    for (uint32_t i = from + 1; beside && i + 2 < end; i++) {
        const struct token *token = &squeeze->tokens[i];
        if (token->kind != NAME) continue;
        struct name *name = name_add(squeeze, token->text, 0);
        if (name->number) continue;
        name->kept = true;
        name->beside = beside;
        struct str brief =
            shared_brief(squeeze->arena, squeeze->besides[beside - 1].shared, name->text);
        if (brief.len) name->brief = brief;
    }
    drop(squeeze, from, end);
}

static void drop_modules(struct squeeze *squeeze)
{
    for (uint32_t i = 0; i + 1 < squeeze->count; i++) {
        const struct token *token = &squeeze->tokens[i], *next = token + 1;
        bool import = is(token, "import") && !is(next, "(") && !is(next, ".");
        if (!token->newline) continue;
        if (import) take_import(squeeze, i, line_end(squeeze, i));
        else if (is(token, "export") && is(next, "{")) drop(squeeze, i, line_end(squeeze, i));
        else if (is(token, "export")) drop(squeeze, i, i + 1), squeeze->tokens[i + 1].newline = true;
    }
    close_gaps(squeeze);
}

/* ---- which names are members' */

struct nest {
    enum around around[DEPTH];
    uint32_t depth;
    bool class; /* a class's brace is due */
};

static bool opens_template(const struct token *token)
{
    return token->kind == QUOTED && token->text.len > 1 &&
           token->text.ptr[token->text.len - 1] == '{' && strchr("`}", token->text.ptr[0]);
}

static enum around brace_kind(struct nest *nest, const struct token *before)
{
    static const char *const values[] = {"return", "const",  "let",     "of",
                                         "in",     "typeof", "default", NULL};
    if (nest->class) {
        nest->class = false;
        return CLASS;
    }
    if (!before || is(before, "=>") || is(before, ")") || is(before, "}") || is(before, "{") ||
        is(before, ";"))
        return BLOCK;
    if (before->kind == PUNCTUATOR || opens_template(before)) return OBJECT;
    return before->kind == NAME && is_one_of(before, values) ? OBJECT : BLOCK;
}

static bool closes_template(const struct token *token)
{
    return token->kind == QUOTED && token->text.ptr[0] == '}';
}

static void push(struct nest *nest, enum around around, const struct token *token)
{
    if (nest->depth == DEPTH) refuse("too deep", token->text);
    nest->around[nest->depth++] = around;
}

static void pop(struct nest *nest, const struct token *token)
{
    if (nest->depth == 0) refuse("a bracket that closes nothing", token->text);
    nest->depth--;
}

static void follow(struct nest *nest, const struct token *token, const struct token *before)
{
    if (closes_template(token)) pop(nest, token);
    if (opens_template(token)) push(nest, TEMPLATE, token);
    if (token->kind == QUOTED) return;
    bool member = (before && is(before, ".")) || is(token + 1, ":"); /* { class: 'fw-note' } */
    if (is(token, "class") && !member) nest->class = true;
    if (is(token, "{")) push(nest, brace_kind(nest, before), token);
    else if (is(token, "(") || is(token, "[")) push(nest, LIST, token);
    else if (is(token, ")") || is(token, "]") || is(token, "}")) pop(nest, token);
}

/* In a class what begins a member, in an object what stands behind "{" or ",". */
static bool is_key(const struct nest *nest, const struct token *token, const struct token *before)
{
    static const char *const marks[] = {"{", "}", ";", "static", "get", "set", "async", "*", "#", NULL};
    static const char *const kinds[] = {"get", "set", "async", "*", NULL};
    enum around around = nest->depth ? nest->around[nest->depth - 1] : BLOCK;
    if (!before) return false;
    if (is(before, ".") || is(before, "?.") || is(before, "#")) return true;
    if (around == CLASS) return token->newline || is_one_of(before, marks);
    if (around != OBJECT) return false;
    bool method = is_one_of(before, kinds) && before->key;
    return is(before, "{") || is(before, ",") || method;
}

/* A member that is a variable too: { a }, { a = 1 }. */
static bool is_short(const struct token *token)
{
    const struct token *next = token + 1;
    return is(next, ",") || is(next, "}") || is(next, "=");
}

static bool is_plain_key(const struct token *before)
{
    return is(before, "{") || is(before, ",");
}

/* Statements of the whole begin with a word that declares. */
static bool begins_statement(const struct nest *nest, const struct token *token)
{
    static const char *const words[] = {"const", "let", "function", "class", "async",
                                        "if",    "for", "try",      NULL};
    return nest->depth == 0 && token->newline && token->kind == NAME && is_one_of(token, words);
}

static void find_keys(struct squeeze *squeeze)
{
    struct nest nest = {.depth = 0};
    uint32_t statement = 1;
    for (uint32_t i = 0; i < squeeze->count; i++) {
        struct token *token = &squeeze->tokens[i];
        const struct token *before = i > 0 ? token - 1 : NULL;
        if (begins_statement(&nest, token)) statement++;
        token->statement = statement;
        if (token->kind == NAME && is_key(&nest, token, before)) {
            bool object = nest.depth && nest.around[nest.depth - 1] == OBJECT;
            token->twofold = object && is_plain_key(before) && is_short(token);
            token->key = !token->twofold;
        }
        follow(&nest, token, before);
    }
    if (nest.depth > 0) refuse("a bracket is not closed", STR(""));
}

/* ---- short names */

/* The names of the whole: behind a word that declares, and what follows it in the same declaration; no
 * patterns there. */
static void find_whole(struct squeeze *squeeze)
{
    uint32_t depth = 0;
    bool declares = false;
    for (uint32_t i = 0; i + 1 < squeeze->count; i++) {
        const struct token *token = &squeeze->tokens[i], *next = token + 1;
        if (token->kind == PUNCTUATOR && strchr("([{", token->text.ptr[0])) depth++;
        if (token->kind == PUNCTUATOR && strchr(")]}", token->text.ptr[0])) depth--;
        if (opens_template(token)) depth++;
        if (closes_template(token)) depth--;
        if (depth > 0) continue;
        bool variable = is(token, "const") || is(token, "let");
        if (token->newline || variable) declares = variable;
        if (variable && next->kind != NAME) refuse("a pattern declares names of the whole", next->text);
        bool named =
            variable || is(token, "function") || is(token, "class") || (declares && is(token, ","));
        if (!named || next->kind != NAME) continue;
        if (name_find(squeeze, next->text, 0))
            refuse("a name of the whole is declared twice", next->text);
        name_add(squeeze, next->text, 0);
    }
}

/* Constants of the whole that are numbers are written where they are meant. */
static void find_numbers(struct squeeze *squeeze)
{
    for (uint32_t i = 0, len; i < squeeze->count; i += len ? len : 1) {
        len = numbers_at(squeeze, i);
        for (uint32_t k = i; k < i + len; k += 4) {
            struct name *name = name_find(squeeze, squeeze->tokens[k + 1].text, 0);
            if (!name || name->kept) break; /* one within a function */
            name->brief = squeeze->tokens[k + 3].text;
            name->number = name->kept = true;
            drop(squeeze, k, k + 4);
        }
    }
    close_gaps(squeeze);
}

/* (x) => becomes x =>. */
static void drop_parentheses(struct squeeze *squeeze)
{
    for (uint32_t i = 0; i + 3 < squeeze->count; i++) {
        const struct token *token = &squeeze->tokens[i];
        if (!is(token, "(") || token[1].kind != NAME || !is(token + 2, ")") || !is(token + 3, "=>"))
            continue;
        squeeze->tokens[i + 1].newline |= token->newline;
        drop(squeeze, i, i + 1);
        drop(squeeze, i + 2, i + 3);
    }
    close_gaps(squeeze);
}

static struct name *name_meant(const struct squeeze *squeeze, const struct token *token)
{
    struct name *whole = name_find(squeeze, token->text, 0);
    return whole ? whole : name_find(squeeze, token->text, token->statement);
}

static void keep_exports(struct squeeze *squeeze)
{
    struct str exports = squeeze->exports, shared = squeeze->shared;
    while (exports.len) {
        struct name *name = name_find(squeeze, cut_name(&exports), 0);
        if (name) name->kept = true;
    }
    while (shared.len) {
        struct name *name = name_find(squeeze, cut_name(&shared), 0);
        if (!name) refuse("there is nothing to be shared", squeeze->shared);
        name->kept = true;
        name->brief = shared_brief(squeeze->arena, squeeze->shared, name->text);
    }
}

static void count_names(struct squeeze *squeeze)
{
    find_whole(squeeze);
    keep_exports(squeeze);
    find_numbers(squeeze);
    drop_parentheses(squeeze);
    for (size_t i = 0; i < sizeof globals / sizeof *globals; i++) {
        if (name_find(squeeze, str_of(globals[i]), 0))
            refuse("a name of the browser is declared again", str_of(globals[i]));
        name_add(squeeze, str_of(globals[i]), 0)->kept = true;
    }
    for (uint32_t i = 0; i < squeeze->count; i++) {
        const struct token *token = &squeeze->tokens[i];
        if (token->kind != NAME || token->key) continue;
        struct name *name = name_meant(squeeze, token);
        if (!name) name = name_add(squeeze, token->text, token->statement);
        if (!name->count++) name->first = i;
    }
}

/* By scope; of the whole the most frequent first, the others as they come: what begins alike is alike,
 * which is packed well. */
static int by_turn(const void *a, const void *b)
{
    const struct name *x = a, *y = b;
    if (x->scope != y->scope) return x->scope < y->scope ? -1 : 1;
    if (x->scope == 0 && x->count != y->count) return x->count < y->count ? 1 : -1;
    if (x->first != y->first) return x->first < y->first ? -1 : 1;
    return str_cmp(x->text, y->text);
}

/* The first that is no name that stays, from *number on. */
static struct str next_brief(struct squeeze *squeeze, uint32_t *number)
{
    for (;;) {
        struct str brief = brief_at(squeeze->arena, (*number)++);
        const struct name *taken = name_find(squeeze, brief, 0);
        if (!taken || !taken->kept) return brief;
    }
}

/* Those of the whole have two letters; the others one, and then what is left of two. */
static void shorten(struct squeeze *squeeze)
{
    enum { LETTERS = 53 };
    uint32_t number = LETTERS, behind = 0, local = 0, scope = 0;
    qsort(squeeze->names, squeeze->name_count, sizeof *squeeze->names, by_turn);
    for (uint32_t i = 0; i < squeeze->name_count; i++) {
        struct name *name = &squeeze->names[i];
        if (name->kept || name->count == 0) continue;
        if (name->scope == 0) {
            name->brief = next_brief(squeeze, &number);
            behind = number;
            continue;
        }
        if (name->scope != scope) scope = name->scope, local = 0;
        if (local == LETTERS) local = behind;
        name->brief = next_brief(squeeze, &local);
    }
}

/* ---- out */

/* Whether the end of a line between them may matter: the one may end a statement, the other begin one.
 */
static bool line_matters(const struct token *before, const struct token *token)
{
    static const char *const ends[] = {")", "]", "}", "++", "--", NULL}, *const follows[] = {
                                                                             ")", "]", "}", ",",  ";",
                                                                             ":", "?", ".", "?.", "=>",
                                                                             "=", "&", "|", NULL};
    if (before->kind == PUNCTUATOR && !is_one_of(before, ends)) return false;
    return !(token->kind == PUNCTUATOR && is_one_of(token, follows));
}

static bool must_part(struct str before, struct str after)
{
    char a = before.ptr[before.len - 1], b = after.ptr[0];
    return (is_word(a) && is_word(b)) || (a == b && strchr("+-/", a));
}

static struct str written(struct squeeze *squeeze, const struct token *token)
{
    return token->kind == NAME && !token->key ? name_meant(squeeze, token)->brief : token->text;
}

static void put_imports(const struct squeeze *squeeze, FILE *out)
{
    for (uint32_t i = 1; i <= squeeze->beside_count; i++) {
        const char *before = "import{";
        for (uint32_t k = 0; k < squeeze->name_count; k++) {
            const struct name *name = &squeeze->names[k];
            if (name->beside != i || name->count == 0) continue;
            fprintf(out, "%s%.*s", before, STR_ARG(name->brief));
            before = ",";
        }
        if (*before == ',') fprintf(out, "}from\"%.*s\"\n", STR_ARG(squeeze->besides[i - 1].module));
    }
}

static void put_all(struct squeeze *squeeze, FILE *out)
{
    put_imports(squeeze, out);
    struct str before = {NULL, 0};
    for (uint32_t i = 0; i < squeeze->count; i++) {
        const struct token *token = &squeeze->tokens[i];
        struct str text = written(squeeze, token);
        if (i > 0 && token->newline && line_matters(token - 1, token)) fputc('\n', out);
        else if (i > 0 && token->text.ptr != token[-1].text.ptr + token[-1].text.len &&
                 must_part(before, text))
            fputc(' ', out);
        if (token->twofold && !str_eq(text, token->text)) fprintf(out, "%.*s:", STR_ARG(token->text));
        fwrite(text.ptr, 1, text.len, out);
        before = text;
    }
    fprintf(out, "\nexport{%.*s", STR_ARG(squeeze->exports));
    for (struct str shared = squeeze->shared; shared.len;) {
        const struct name *name = name_find(squeeze, cut_name(&shared), 0);
        fprintf(out, ",%.*s", STR_ARG(name->brief));
    }
    fputs("}\n", out);
}

/* From "--" on: a module and its files; where the next "--" stands. */
static int take_beside(struct squeeze *squeeze, int argc, char **argv, int at)
{
    if (at + 1 >= argc || squeeze->beside_count == BESIDES) refuse("no more modules beside", STR(""));
    struct beside *beside = &squeeze->besides[squeeze->beside_count++];
    *beside = (struct beside){.module = str_of(argv[at + 1])};
    beside->shared = cut_shared(&beside->module);
    for (at += 2; at < argc && strcmp(argv[at], "--") != 0; at++) {
        if (beside->file_count == FILES) refuse("too many files", beside->module);
        beside->files[beside->file_count++] = str_of(argv[at]);
        learn_numbers(squeeze, argv[at]);
    }
    return at;
}

int main(int argc, char **argv)
{
    struct arena arena;
    if (argc < 4 || strcmp(argv[2], "--") != 0) {
        fprintf(stderr, "squeeze NAME,… -- FILE.js … [-- MODULE.js FILE.js …]\n");
        return 2;
    }
    arena_init(&arena, mem_heap(), ALL_BYTES);
    struct squeeze squeeze = {.arena = &arena,
                              .tokens = ARENA_ARRAY(&arena, struct token, TOKENS),
                              .names = ARENA_ARRAY(&arena, struct name, NAMES),
                              .exports = str_of(argv[1])};
    squeeze.shared = cut_shared(&squeeze.exports);
    if (!squeeze.tokens || !squeeze.names) refuse("no memory", STR(""));
    int at = 3;
    for (; at < argc && strcmp(argv[at], "--") != 0; at++)
        take_file(&squeeze, read_file(&arena, argv[at]));
    while (at < argc) at = take_beside(&squeeze, argc, argv, at);
    drop_modules(&squeeze);
    find_keys(&squeeze);
    count_names(&squeeze);
    shorten(&squeeze);
    put_all(&squeeze, stdout);
    arena_release(&arena);
    return fflush(stdout) == 0 ? 0 : 1;
}
