#include "server/metrics.h"

#include <stdio.h>

static const uint64_t bucket_us[METRICS_BUCKETS] = {50,   100,   250,   500,    1000,   2500,
                                                    5000, 10000, 50000, 100000, 500000, 2500000};

static uint64_t load(atomic_uint_fast64_t *count)
{
    return atomic_load_explicit(count, memory_order_relaxed);
}

static void add(atomic_uint_fast64_t *count, uint64_t more)
{
    atomic_fetch_add_explicit(count, more, memory_order_relaxed);
}

void metrics_count(struct metrics *metrics, unsigned route, bool head, unsigned status,
                   uint64_t duration_us)
{
    if (status >= METRICS_STATUSES) status = 0;
    add(&metrics->requests[route][head][status / 100][status % 100], 1);
    unsigned bucket = 0;
    while (bucket < METRICS_BUCKETS && duration_us > bucket_us[bucket]) bucket++;
    add(&metrics->buckets[bucket], 1);
    add(&metrics->duration_us, duration_us);
}

static void head(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_printf(out, "# HELP formwright_%s %s\n# TYPE formwright_%s %s\n", name, help, name, type);
}

static void counter(struct buf *out, const char *name, uint64_t value, const char *help)
{
    head(out, name, "counter", help);
    buf_printf(out, "formwright_%s %llu\n", name, (unsigned long long)value);
}

static void gauge(struct buf *out, const char *name, int64_t value, const char *help)
{
    head(out, name, "gauge", help);
    buf_printf(out, "formwright_%s %lld\n", name, (long long)value);
}

static void labelled(struct buf *out, const char *name, const char *label, const char *value,
                     uint64_t count)
{
    buf_printf(out, "formwright_%s{%s=\"%s\"} %llu\n", name, label, value, (unsigned long long)count);
}

static void write_route(struct metrics *metrics, unsigned route, bool is_head, struct buf *out)
{
    const char *name = route < ROUTE_COUNT ? routes[route].name : "none";
    const char *method = is_head               ? "HEAD"
                         : route < ROUTE_COUNT ? method_name(routes[route].method)
                                               : "other";
    for (unsigned status = 0; status < METRICS_STATUSES; status++) {
        uint64_t count = load(&metrics->requests[route][is_head][status / 100][status % 100]);
        if (!count) continue;
        buf_printf(out, "formwright_http_requests_total{route=\"%s\",method=\"%s\",code=\"%u\"} %llu\n",
                   name, method, status, (unsigned long long)count);
    }
}

static void write_requests(struct metrics *metrics, struct buf *out)
{
    head(out, "http_requests_total", "counter", "Requests answered.");
    for (unsigned route = 0; route <= ROUTE_COUNT; route++) {
        write_route(metrics, route, false, out);
        write_route(metrics, route, true, out);
    }
    head(out, "http_request_duration_seconds", "histogram",
         "From the request line to the end of the answer.");
    uint64_t sum = 0;
    for (unsigned i = 0; i < METRICS_BUCKETS; i++) {
        sum += load(&metrics->buckets[i]);
        buf_printf(out, "formwright_http_request_duration_seconds_bucket{le=\"%g\"} %llu\n",
                   (double)bucket_us[i] / 1e6, (unsigned long long)sum);
    }
    sum += load(&metrics->buckets[METRICS_BUCKETS]);
    buf_printf(out, "formwright_http_request_duration_seconds_bucket{le=\"+Inf\"} %llu\n",
               (unsigned long long)sum);
    buf_printf(out, "formwright_http_request_duration_seconds_sum %.6f\n",
               (double)load(&metrics->duration_us) / 1e6);
    buf_printf(out, "formwright_http_request_duration_seconds_count %llu\n", (unsigned long long)sum);
    gauge(out, "http_in_flight", atomic_load(&metrics->in_flight), "Requests under way.");
    gauge(out, "http_connections", atomic_load(&metrics->connections), "Connections open.");
    head(out, "http_connections_cut_total", "counter",
         "Connections cut because a request took too long.");
    static const char *const reasons[] = {"idle", "headers", "body", "request", "answer"};
    for (int i = 0; i < REAP_COUNT; i++)
        labelled(out, "http_connections_cut_total", "phase", reasons[i], load(&metrics->reaped[i]));
    counter(out, "http_connections_refused_total", load(&metrics->turned_away),
            "Connections of an address that had as many as it may have.");
}

static void write_limited(struct metrics *metrics, struct buf *out)
{
    head(out, "rate_limited_total", "counter",
         "Requests refused because more was asked for than may be.");
    for (int i = 0; i < POLICY_COUNT; i++)
        labelled(out, "rate_limited_total", "policy", policy_name((enum policy)i),
                 load(&metrics->limited[i]));
    for (int i = 0; i < METRICS_QUOTAS; i++)
        labelled(out, "rate_limited_total", "policy", quota_name((enum quota)i),
                 load(&metrics->quota_limited[i]));
    counter(out, "refusals_held_total", load(&metrics->held), "Of those, held back for a moment.");
    counter(out, "disagreements_total", load(&metrics->disagreements),
            "Answers that came with another verdict than the server's.");
}

static void write_engine(const struct engine_counters *engine, struct buf *out)
{
    counter(out, "definition_cache_hits_total", engine->cache_hits, "Definitions found in memory.");
    counter(out, "definition_cache_misses_total", engine->cache_misses,
            "Definitions not found in memory.");
    counter(out, "definition_cache_evictions_total", engine->cache_evictions,
            "Definitions put out for room.");
    gauge(out, "definition_cache_bytes", (int64_t)engine->cache_bytes,
          "Bytes of the definitions in memory.");
    gauge(out, "definition_cache_entries", (int64_t)engine->cache_entries,
          "Keys under which they are found.");
    counter(out, "definitions_loaded_total", engine->definitions_loaded,
            "Definitions read and compiled.");
    gauge(out, "worlds", (int64_t)engine->worlds_kept, "Lua worlds kept for the next judging.");
    gauge(out, "worlds_bytes", (int64_t)engine->worlds_bytes, "Bytes that they hold.");
    counter(out, "evaluations_total", engine->evaluations, "Answers judged.");
    counter(out, "eval_steps_total", engine->steps, "Steps spent on judging.");
    counter(out, "eval_faults_total", engine->faults, "Judgings that a rule's fault ended.");
    head(out, "judgings_total", "counter", "Answers judged, by how it ended.");
    uint64_t unfinished = engine->malformed + engine->limit_steps + engine->limit_memory +
                          engine->limit_time + engine->faults;
    labelled(out, "judgings_total", "outcome", "judged", engine->evaluations - unfinished);
    labelled(out, "judgings_total", "outcome", "malformed", engine->malformed);
    labelled(out, "judgings_total", "outcome", "over-steps", engine->limit_steps);
    labelled(out, "judgings_total", "outcome", "over-memory", engine->limit_memory);
    labelled(out, "judgings_total", "outcome", "over-time", engine->limit_time);
    labelled(out, "judgings_total", "outcome", "fault", engine->faults);
    head(out, "eval_limit_total", "counter", "Judgings that a limit ended.");
    labelled(out, "eval_limit_total", "kind", "steps", engine->limit_steps);
    labelled(out, "eval_limit_total", "kind", "memory", engine->limit_memory);
    labelled(out, "eval_limit_total", "kind", "time", engine->limit_time);
    head(out, "submissions_total", "counter", "Submissions by what came of them.");
    labelled(out, "submissions_total", "result", "stored", engine->intakes[INTAKE_STORED]);
    labelled(out, "submissions_total", "result", "replayed", engine->intakes[INTAKE_REPLAYED]);
    labelled(out, "submissions_total", "result", "invalid", engine->intakes[INTAKE_INVALID]);
    labelled(out, "submissions_total", "result", "unjudged", engine->intakes[INTAKE_UNJUDGED]);
    labelled(out, "submissions_total", "result", "refused", engine->intakes[INTAKE_REFUSED]);
}

static void write_storage(const struct tenants_counters *storage, struct buf *out)
{
    counter(out, "writes_total", storage->writes_done, "Changes carried out or refused.");
    counter(out, "writes_refused_total", storage->writes_refused, "Changes refused at the queue.");
    counter(out, "transactions_total", storage->transactions, "Transactions on disk.");
    counter(out, "transactions_failed_total", storage->transactions_failed,
            "Transactions that failed.");
    gauge(out, "commit_batch_size_max", (int64_t)storage->largest_batch,
          "Most changes in one transaction.");
    head(out, "commit_duration_seconds_total", "counter", "Time spent in commits.");
    buf_printf(out, "formwright_commit_duration_seconds_total %.6f\n",
               (double)storage->commit_us / 1e6);
    counter(out, "checkpoints_total", storage->checkpoints, "Logs folded into their files.");
    head(out, "checkpoint_duration_seconds_total", "counter", "Time spent in checkpoints.");
    buf_printf(out, "formwright_checkpoint_duration_seconds_total %.6f\n",
               (double)storage->checkpoint_us / 1e6);
    gauge(out, "wal_bytes_max", (int64_t)storage->wal_bytes_max, "The largest log seen.");
    gauge(out, "writer_queue_depth", (int64_t)storage->queue_depth, "Changes waiting for a writer.");
    gauge(out, "writer_queue_bytes", (int64_t)storage->queue_bytes, "Their bytes.");
    gauge(out, "writer_queue_fill_percent", (int64_t)storage->queue_fill_percent,
          "Of the fullest file's queue.");
    gauge(out, "tenants_open", (int64_t)storage->open_tenants, "Tenant files open.");
    gauge(out, "tenants_degraded", (int64_t)storage->degraded,
          "Files that take no changes until checked.");
    counter(out, "reads_total", storage->reads, "Reads of the storage.");
    counter(out, "reads_waited_total", storage->reads_waited, "Reads that waited for a connection.");
}

/* One family after the other, as the format wants it. Ids of tenants need no escapes. */
static void write_tenants(const struct usage_page *tenants, struct buf *out)
{
    for (size_t kind = 0; tenants && kind < USAGE_COUNT; kind++) {
        char name[64];
        snprintf(name, sizeof name, "tenant_%s_total", usage_name((enum usage_kind)kind));
        head(out, name, "counter", "As GET /v1/tenants/{tenant}/usage tells it, of the busiest.");
        for (uint32_t i = 0; i < tenants->count; i++) {
            const struct usage_item *item = &tenants->items[i];
            buf_printf(out, "formwright_%s{tenant=\"%.*s\"} %llu\n", name, STR_ARG(item->name),
                       (unsigned long long)item->counts.of[kind]);
        }
    }
}

void metrics_write(struct metrics *metrics, const struct engine_counters *engine,
                   const struct usage_page *tenants, uint32_t crew_queued, uint32_t judges_queued,
                   struct buf *out)
{
    write_requests(metrics, out);
    write_limited(metrics, out);
    write_engine(engine, out);
    write_storage(&engine->storage, out);
    write_tenants(tenants, out);
    gauge(out, "crew_queue_depth", crew_queued, "Requests waiting for a thread that may wait.");
    gauge(out, "judges_queue_depth", judges_queued, "Requests waiting for a thread for long judgings.");
}

void metrics_write_host(unsigned stuck_threads, int64_t disk_free_mib, uint64_t log_dropped,
                        struct buf *out)
{
    counter(out, "access_log_dropped_total", log_dropped,
            "Lines of the access log that nobody read in time.");
    gauge(out, "event_threads_stuck", stuck_threads, "Event threads that hang in one step.");
    if (disk_free_mib >= 0)
        gauge(out, "disk_free_bytes", disk_free_mib << 20, "Free on the data directory's disk.");
}
