#include "dsl/graph.h"

#include "base/json_writer.h"
#include "dsl/step.h"

#include <stdlib.h>

/* One arrow: from what is read to what reads it. */
struct edge {
    uint32_t to, check, from; /* nodes; `check` PROGRAM_NONE: none */
    enum program_step_kind kind;
};

struct graph {
    const struct ir *ir;
    struct edge *edges;
    uint32_t edge_count;
    bool *nodes, *checks; /* those at some edge */
    struct buf *out;
};

static int compare_numbers(uint32_t a, uint32_t b)
{
    return a < b ? -1 : a > b;
}

/* By the document; PROGRAM_NONE comes last, so a node's checks stand before its own rules. */
static int compare_edges(const void *left, const void *right)
{
    const struct edge *a = left, *b = right;
    int order = compare_numbers(a->to, b->to);
    if (!order) order = compare_numbers(a->check, b->check);
    if (!order) order = compare_numbers(a->kind, b->kind);
    return order ? order : compare_numbers(a->from, b->from);
}

static void add_edges(struct graph *graph, const struct program_step *step)
{
    for (uint32_t i = 0; i < step->read_count; i++) {
        bool itself = step->reads[i] == step->node && step->check == PROGRAM_NONE;
        if (itself) continue; /* bounds look at their own field */
        graph->edges[graph->edge_count++] =
            (struct edge){step->node, step->check, step->reads[i], step->kind};
        graph->nodes[step->reads[i]] = true;
        if (step->check == PROGRAM_NONE) graph->nodes[step->node] = true;
        else graph->checks[step->check] = true;
    }
}

static enum status find_edges(struct arena *arena, struct graph *graph)
{
    struct program_steps steps;
    size_t count = 0;
    enum status st = steps_make(arena, graph->ir, &steps);
    if (st) return st;
    for (uint32_t i = 0; i < steps.count; i++) count += steps.items[i].read_count;
    graph->edges = ARENA_ARRAY(arena, struct edge, count + 1);
    graph->nodes = ARENA_ARRAY(arena, bool, graph->ir->node_count);
    graph->checks = ARENA_ARRAY(arena, bool, (size_t)graph->ir->check_count + 1);
    if (!graph->edges || !graph->nodes || !graph->checks) return arena->refused ? ST_LIMIT : ST_NOMEM;
    for (uint32_t i = 0; i < steps.count; i++) add_edges(graph, &steps.items[i]);
    qsort(graph->edges, graph->edge_count, sizeof *graph->edges, compare_edges);
    return ST_OK;
}

static const char *kind_of(const struct ir_node *node)
{
    static const char *const names[] = {
        [NODE_FORM] = "form",     [NODE_PAGE] = "page",      [NODE_GROUP] = "group",
        [NODE_REPEAT] = "repeat", [NODE_FIELD] = "field",    [NODE_NOTE] = "note",
        [NODE_LET] = "let",       [NODE_SECTION] = "section"};
    return node->derived                                ? "modifier"
           : node->computed && node->kind == NODE_FIELD ? "computed"
                                                        : names[node->kind];
}

/* "check too_high", "check 12:3" */
static void put_check_name(struct graph *graph, uint32_t number)
{
    const struct ir_check *check = &graph->ir->checks[number];
    struct line_column place = line_column_of(graph->ir->source, check->span.offset);
    if (check->name.len) buf_printf(graph->out, "check %.*s", STR_ARG(check->name));
    else buf_printf(graph->out, "check %u:%u", place.line, place.column);
}

/* What would end a label, or steer a drawing, becomes "_": codes of options may hold anything. */
static void put_label(struct graph *graph, struct str path)
{
    for (size_t i = 0; i < path.len; i++) {
        char c = path.ptr[i];
        bool plain = (unsigned char)c >= 0x20 && c != '"' && c != '\\' && c != '<' && c != '>';
        buf_putc(graph->out, plain ? c : '_');
    }
}

static struct str path_of(const struct graph *graph, uint32_t node)
{
    return node ? graph->ir->nodes[node].path : graph->ir->name;
}

/* ---- JSON */

static void put_json_node(struct graph *graph, struct json_writer *json, uint32_t number)
{
    const struct ir_node *node = &graph->ir->nodes[number];
    json_object(json);
    json_key_str(json, STR("id"), path_of(graph, number));
    json_key_str(json, STR("kind"), str_of(kind_of(node)));
    if (node->item)
        json_key_int(json, STR("line"),
                     line_column_of(graph->ir->source, node->item->span.offset).line);
    json_object_end(json);
}

static void put_json_check(struct graph *graph, struct json_writer *json, uint32_t number)
{
    const struct ir_check *check = &graph->ir->checks[number];
    json_object(json);
    json_key(json, STR("id"));
    json_raw(json, STR("\""));
    put_check_name(graph, number);
    buf_putc(graph->out, '"');
    json_key_str(json, STR("kind"), STR("check"));
    json_key_str(json, STR("of"), path_of(graph, check->owner));
    json_key_int(json, STR("line"), line_column_of(graph->ir->source, check->span.offset).line);
    json_object_end(json);
}

static void put_json_edge(struct graph *graph, struct json_writer *json, const struct edge *edge)
{
    json_object(json);
    json_key_str(json, STR("from"), path_of(graph, edge->from));
    json_key_str(json, STR("to"), path_of(graph, edge->to));
    if (edge->check != PROGRAM_NONE) {
        json_key(json, STR("check"));
        json_raw(json, STR("\""));
        put_check_name(graph, edge->check);
        buf_putc(graph->out, '"');
    }
    json_key_str(json, STR("by"), str_of(program_step_name(edge->kind)));
    json_object_end(json);
}

static void put_json(struct graph *graph)
{
    struct json_writer json;
    json_writer_init(&json, graph->out);
    json_object(&json);
    json_key_str(&json, STR("form"), graph->ir->name);
    json_key(&json, STR("nodes"));
    json_array(&json);
    for (uint32_t i = 0; i < graph->ir->node_count; i++) put_json_node(graph, &json, i);
    for (uint32_t i = 0; i < graph->ir->check_count; i++) put_json_check(graph, &json, i);
    json_array_end(&json);
    json_key(&json, STR("edges"));
    json_array(&json);
    for (uint32_t i = 0; i < graph->edge_count; i++) put_json_edge(graph, &json, &graph->edges[i]);
    json_array_end(&json);
    json_object_end(&json);
    buf_putc(graph->out, '\n');
}

/* ---- drawings */

static void put_dot_node(struct graph *graph, uint32_t node)
{
    if (!graph->nodes[node]) return;
    buf_printf(graph->out, "  n%u [label=\"", node);
    put_label(graph, path_of(graph, node));
    buf_printf(graph->out, "\\n%s\"]\n", kind_of(&graph->ir->nodes[node]));
}

static void put_mermaid_node(struct graph *graph, uint32_t node)
{
    if (!graph->nodes[node]) return;
    buf_printf(graph->out, "  n%u[\"", node);
    put_label(graph, path_of(graph, node));
    buf_printf(graph->out, " (%s)\"]\n", kind_of(&graph->ir->nodes[node]));
}

static void put_dot(struct graph *graph)
{
    struct buf *out = graph->out;
    buf_printf(out, "digraph \"%.*s\" {\n  rankdir=LR\n  node [shape=box]\n", STR_ARG(graph->ir->name));
    for (uint32_t i = 0; i < graph->ir->node_count; i++) put_dot_node(graph, i);
    for (uint32_t i = 0; i < graph->ir->check_count; i++) {
        if (!graph->checks[i]) continue;
        buf_printf(out, "  c%u [shape=ellipse label=\"", i);
        put_check_name(graph, i);
        buf_puts(out, "\"]\n");
    }
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        const struct edge *edge = &graph->edges[i];
        bool to_check = edge->check != PROGRAM_NONE;
        buf_printf(out, "  n%u -> %c%u [label=\"%s\"]\n", edge->from, to_check ? 'c' : 'n',
                   to_check ? edge->check : edge->to, program_step_name(edge->kind));
    }
    buf_puts(out, "}\n");
}

static void put_mermaid(struct graph *graph)
{
    struct buf *out = graph->out;
    buf_puts(out, "flowchart LR\n");
    for (uint32_t i = 0; i < graph->ir->node_count; i++) put_mermaid_node(graph, i);
    for (uint32_t i = 0; i < graph->ir->check_count; i++) {
        if (!graph->checks[i]) continue;
        buf_printf(out, "  c%u([\"", i);
        put_check_name(graph, i);
        buf_puts(out, "\"])\n");
    }
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        const struct edge *edge = &graph->edges[i];
        bool to_check = edge->check != PROGRAM_NONE;
        buf_printf(out, "  n%u -->|%s| %c%u\n", edge->from, program_step_name(edge->kind),
                   to_check ? 'c' : 'n', to_check ? edge->check : edge->to);
    }
}

enum status graph_write(struct arena *arena, const struct ir *ir, enum dsl_graph format,
                        struct buf *out)
{
    struct graph graph = {.ir = ir, .out = out};
    enum status st = find_edges(arena, &graph);
    if (st) return st;
    if (format == DSL_GRAPH_JSON) put_json(&graph);
    else if (format == DSL_GRAPH_DOT) put_dot(&graph);
    else put_mermaid(&graph);
    return out->failure;
}
