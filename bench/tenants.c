/* Many tenants, each with a form of its own: what they take in memory, and what the first judging of
 * one costs over the second.
 *
 *     bench_tenants make DIRECTORY FORM COUNT        tenants t00000 …, one version each
 *     bench_tenants alike DIRECTORY FORM COUNT       the same, and all have the form as it stands there
 *     bench_tenants forms DIRECTORY FORM COUNT       tenant t00000 with forms hsb_application_00000 …
 *     bench_tenants judge DIRECTORY FORM ANSWERS COUNT CACHE
 *
 * A tenant is warm that has been judged for and of which everything is still in memory that the next
 * judging needs. What the last ones of many take more than those before tells what one takes: the rest
 * is there for all. judge goes over all of them, twice, and prints one JSON object. By the engine; HTTP
 * adds the same to both judgings. Cold is: nothing of the tenant in memory, its file not open (the
 * system may have it cached). The second time over each is dressed as the server dresses it when its
 * form is asked for. CACHE: bytes of definitions, 0 for the default. */
#define _GNU_SOURCE
#include "base/arena.h"
#include "base/buf.h"
#include "bench/form_source.h"
#include "bench/measure.h"
#include "engine/engine.h"
#include "server/presentation.h"

#include <pthread.h>

enum { MAKERS = 8, COUNT_MAX = 100000, NAME_BYTES = 16 };

static void need(enum status st, const char *what)
{
    if (!st) return;
    fprintf(stderr, "%s: %s\n", what, status_text(st));
    exit(EXIT_FAILURE);
}

static struct str name_of(int number, char name[NAME_BYTES])
{
    return (struct str){name, (size_t)snprintf(name, NAME_BYTES, "t%05d", number)};
}

static struct engine *open_engine(const char *directory, const struct presenter *presenter,
                                  size_t cache_bytes)
{
    struct engine *engine;
    struct engine_options options = {.mem = mem_heap(),
                                     .directory = directory,
                                     .presenter = presenter,
                                     .cache_bytes_max = cache_bytes};
    need(engine_open(&options, &engine), directory);
    return engine;
}

/* ---- making them */

static struct making {
    struct engine *engine;
    struct str source;
    struct derivation derivations[2]; /* the server's own, each compressed once for all of them */
    struct buf derived[2];
    atomic_int next;
    int count;
    bool forms; /* of one tenant, instead of tenants */
    bool alike; /* nothing in them tells them apart */
} making;

static char form_name[LIMIT_FORM_NAME_BYTES + 1];

/* The best compression of ten thousand documents alike takes minutes, and is not what is measured: all
 * get the bytes of the first. */
static enum status derive_nth(int nth, struct str render, struct buf *out)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    enum status st = ST_OK;
    pthread_mutex_lock(&lock);
    if (!making.derived[nth].len)
        st = presentation_presenter()->derivations[nth].derive(render, &making.derived[nth]);
    pthread_mutex_unlock(&lock);
    buf_put(out, buf_str(&making.derived[nth]));
    return st ? st : out->failure;
}

static enum status derive_first(struct str render, struct buf *out)
{
    return derive_nth(0, render, out);
}

static enum status derive_second(struct str render, struct buf *out)
{
    return derive_nth(1, render, out);
}

static enum status present_nothing(const struct definition *definition, struct str render,
                                   const struct str *derived, void **ret_kept, size_t *ret_bytes)
{
    (void)definition, (void)render, (void)derived;
    *ret_kept = NULL;
    *ret_bytes = 0;
    return ST_OK;
}

static void discard_nothing(void *kept)
{
    (void)kept;
}

/* The name of the form, where it stands in its text. */
static struct str find_name(struct str source)
{
    static const char head[] = "\nform ";
    const char *at = memmem(source.ptr, source.len, head, sizeof head - 1);
    const char *name = at ? at + sizeof head - 1 : NULL, *end = name ? strchr(name, ' ') : NULL;
    if (!end || end - name >= (ptrdiff_t)sizeof form_name) exit(EXIT_FAILURE);
    return (struct str){name, (size_t)(end - name)};
}

static void note_name(struct str source)
{
    (void)snprintf(form_name, sizeof form_name, "%.*s", STR_ARG(find_name(source)));
}

/* The form under another title: other bytes, other documents, as much work. */
static struct str source_of(struct arena *arena, struct str source, struct str tenant)
{
    if (making.alike) return source;
    struct str name = find_name(source);
    const char *end = name.ptr + name.len + 2; /* within the quotes of the title */
    int before = (int)(end - source.ptr);
    return arena_printf(arena, "%.*s%.*s: %.*s", before, source.ptr, STR_ARG(tenant),
                        (int)source.len - before, end);
}

/* Under another name. */
static void make_form(struct arena *arena, int number)
{
    struct call call;
    struct published published;
    struct str name = find_name(making.source);
    int before = (int)(name.ptr + name.len - making.source.ptr);
    arena_reset(arena);
    call_init(&call, making.engine, arena, STR("bench"));
    struct publication publication = {
        .tenant = STR("t00000"),
        .form = arena_printf(arena, "%s_%05d", form_name, number),
        .source = arena_printf(arena, "%.*s_%05d%.*s", before, making.source.ptr, number,
                               (int)making.source.len - before, making.source.ptr + before)};
    need(engine_publish(&call, &publication, &published), "publish");
}

static void make_one(struct arena *arena, int number)
{
    char name[NAME_BYTES];
    struct call call;
    struct tenant_record tenant;
    struct published published;
    struct str id = name_of(number, name);
    arena_reset(arena);
    call_init(&call, making.engine, arena, STR("bench"));
    need(engine_tenant_create(&call, id, id, &tenant), "tenant");
    struct publication publication = {
        .tenant = id, .form = str_of(form_name), .source = source_of(arena, making.source, id)};
    need(engine_publish(&call, &publication, &published), "publish");
}

static void *make_some(void *unused)
{
    struct arena arena;
    arena_init(&arena, mem_heap(), limit(DEFINITION_ARENA_BYTES));
    for (int i; (i = atomic_fetch_add(&making.next, 1)) < making.count;)
        if (making.forms) make_form(&arena, i);
        else make_one(&arena, i);
    arena_release(&arena);
    return unused;
}

static void make_tenant(struct arena *arena)
{
    struct call call;
    struct tenant_record tenant;
    call_init(&call, making.engine, arena, STR("bench"));
    need(engine_tenant_create(&call, STR("t00000"), STR("t00000"), &tenant), "tenant");
    /* A thousand forms within a minute are more than a tenant may compile. */
    const struct quota_change plenty = {QUOTA_STEPS, INT64_C(1000000000000000)};
    need(engine_tenant_set_quota(&call, STR("t00000"), &plenty, 1), "quota");
}

static int make_all(const char *directory, const char *form, int count)
{
    struct arena arena;
    pthread_t threads[MAKERS];
    const struct derivation *real = presentation_presenter()->derivations;
    arena_init(&arena, mem_heap(), 2 * SOURCE_READ_MAX);
    making.derivations[0] = (struct derivation){real[0].kind, derive_first};
    making.derivations[1] = (struct derivation){real[1].kind, derive_second};
    for (int i = 0; i < 2; i++) buf_init(&making.derived[i], mem_heap(), limit(ARTEFACT_BYTES));
    struct presenter presenter = {making.derivations, 2, present_nothing, discard_nothing};
    making.source = source_read(&arena, form);
    note_name(making.source);
    making.count = count;
    making.engine = open_engine(directory, &presenter, 0);
    if (making.forms) make_tenant(&arena);
    for (int i = 0; i < MAKERS; i++)
        if (pthread_create(&threads[i], NULL, make_some, NULL) != 0) return EXIT_FAILURE;
    for (int i = 0; i < MAKERS; i++) pthread_join(threads[i], NULL);
    engine_close(making.engine);
    for (int i = 0; i < 2; i++) buf_release(&making.derived[i]);
    arena_release(&arena);
    return EXIT_SUCCESS;
}

/* ---- judging */

static double wall_us(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static struct definition *fetch(struct engine *engine, int number)
{
    char name[NAME_BYTES];
    struct definition *definition;
    need(engine_fetch(engine, name_of(number, name), str_of(form_name), 0, &definition), "fetch");
    return definition;
}

/* Microseconds until there is a verdict. */
static double judge_one(struct engine *engine, struct worker *worker, int number, struct str answers,
                        struct buf *verdict)
{
    double start = wall_us();
    struct judge_outcome outcome;
    struct definition *definition = fetch(engine, number);
    struct evaluation evaluation = {
        .definition = definition, .answers = answers, .now_ms = INT64_C(1775124000000)};
    need(engine_evaluate(worker, &evaluation, &outcome), "evaluate");
    if (outcome.state != JUDGE_JUDGED || !outcome.valid) exit(EXIT_FAILURE);
    buf_reset(verdict);
    worker_verdict_write(worker, verdict);
    definition_release(definition);
    return wall_us() - start;
}

/* VmRSS, VmHWM of this process in KiB. */
static long memory_kib(const char *what)
{
    char line[256];
    long kib = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, what, strlen(what)) == 0) kib = strtol(line + strlen(what) + 1, NULL, 10);
    if (file) fclose(file);
    return kib;
}

static double part_of(const double *sorted, int count, double part)
{
    return sorted[(int)((count - 1) * part)];
}

static void put_times(const char *name, double *us, int count)
{
    qsort(us, (size_t)count, sizeof *us, compare_doubles);
    printf("\"%s_us\":{\"median\":%.0f,\"p90\":%.0f,\"p99\":%.0f,\"max\":%.0f},", name,
           part_of(us, count, 0.5), part_of(us, count, 0.9), part_of(us, count, 0.99), us[count - 1]);
}

static void put_counters(struct engine *engine)
{
    struct engine_counters counters;
    engine_counters(engine, &counters);
    printf("\"cache_bytes\":%llu,\"cache_entries\":%llu,\"loaded\":%llu,\"files_open\":%llu,"
           "\"worlds_count\":%llu,\"worlds_bytes\":%llu,",
           (unsigned long long)counters.cache_bytes, (unsigned long long)counters.cache_entries,
           (unsigned long long)counters.definitions_loaded,
           (unsigned long long)counters.storage.open_tenants, (unsigned long long)counters.worlds_kept,
           (unsigned long long)counters.worlds_bytes);
}

static void go_over(struct engine *engine, struct worker *worker, int count, struct str answers)
{
    static double cold[COUNT_MAX], warm[COUNT_MAX], more[COUNT_MAX], cpu[COUNT_MAX];
    const int stride = 7919; /* a prime: not in the order in which they were made */
    struct buf verdict;
    buf_init(&verdict, mem_heap(), limit(VERDICT_BYTES));
    for (int i = 0; i < count; i++) {
        int number = (int)((int64_t)i * stride % count);
        double start = measure_now_us();
        cold[i] = judge_one(engine, worker, number, answers, &verdict);
        cpu[i] = measure_now_us() - start;
        warm[i] = judge_one(engine, worker, number, answers, &verdict);
        more[i] = cold[i] - warm[i];
    }
    buf_release(&verdict);
    put_times("cold", cold, count);
    put_times("warm", warm, count);
    put_times("cold_cpu", cpu, count);
    put_times("cold_over_warm", more, count);
}

/* As when all their forms are asked for. */
static void dress_all(struct engine *engine, int count)
{
    static double us[COUNT_MAX];
    for (int i = 0; i < count; i++) {
        struct definition *definition = fetch(engine, i);
        double start = measure_now_us();
        need(engine_dress(engine, definition), "dress");
        us[i] = measure_now_us() - start;
        definition_release(definition);
    }
    put_times("dress_cpu", us, count);
    printf("\"peak_dressed_kib\":%ld,", memory_kib("VmHWM"));
}

static int judge_all(const char *directory, const char *form, const char *answers_path, int count,
                     size_t cache_bytes)
{
    struct arena arena;
    struct worker *worker;
    arena_init(&arena, mem_heap(), 3 * SOURCE_READ_MAX);
    note_name(source_read(&arena, form));
    struct str answers = source_read(&arena, answers_path);
    struct engine *engine = open_engine(directory, presentation_presenter(), cache_bytes);
    need(worker_new(engine, &worker), "worker");
    long before_kib = memory_kib("VmRSS");
    printf("{");
    go_over(engine, worker, count, answers);
    put_counters(engine);
    printf("\"rss_before_kib\":%ld,\"rss_kib\":%ld,\"peak_kib\":%ld,", before_kib, memory_kib("VmRSS"),
           memory_kib("VmHWM"));
    dress_all(engine, count);
    worker_free(worker);
    printf("\"rss_without_worlds_kib\":%ld}\n", memory_kib("VmRSS"));
    engine_close(engine);
    arena_release(&arena);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    const char *verb = argc > 1 ? argv[1] : "";
    bool judge = argc == 7 && strcmp(verb, "judge") == 0;
    long count = judge ? strtol(argv[5], NULL, 10) : argc == 5 ? strtol(argv[4], NULL, 10) : 0;
    making.forms = strcmp(verb, "forms") == 0;
    making.alike = strcmp(verb, "alike") == 0;
    bool make = making.forms || making.alike || strcmp(verb, "make") == 0;
    if (count > 0 && count <= COUNT_MAX && judge)
        return judge_all(argv[2], argv[3], argv[4], (int)count, (size_t)strtoull(argv[6], NULL, 10));
    if (count > 0 && count <= COUNT_MAX && make) return make_all(argv[2], argv[3], (int)count);
    fprintf(stderr, "usage: bench_tenants make|alike|forms DIRECTORY FORM COUNT\n"
                    "       bench_tenants judge DIRECTORY FORM ANSWERS COUNT CACHE_BYTES\n");
    return 2;
}
