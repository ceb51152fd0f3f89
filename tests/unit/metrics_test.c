#define _GNU_SOURCE
#include "server/metrics.h"

#include "tests/test.h"

static struct metrics metrics;

static struct buf written_with(const struct usage_page *tenants)
{
    struct engine_counters engine = {.cache_hits = 3,
                                     .evaluations = 20,
                                     .malformed = 4,
                                     .limit_steps = 3,
                                     .faults = 1,
                                     .storage = {.commit_us = 1500000}};
    struct buf out;
    engine.intakes[INTAKE_STORED] = 5;
    buf_init(&out, mem_heap(), 1 << 20);
    metrics_write(&metrics, &engine, tenants, 4, 5, &out);
    CHECK(!buf_failed(&out));
    return out;
}

static struct buf written(void)
{
    return written_with(NULL);
}

static bool holds(const struct buf *out, const char *line)
{
    return memmem(out->ptr, out->len, line, strlen(line)) != NULL;
}

static void requests_are_counted_by_route_method_and_status(void)
{
    metrics_count(&metrics, ROUTE_live_get, false, 200, 40);
    metrics_count(&metrics, ROUTE_live_get, false, 200, 60);
    metrics_count(&metrics, ROUTE_live_get, true, 304, 10);
    metrics_count(&metrics, METRICS_NO_ROUTE, false, 404, 9000000);
    struct buf out = written();
    CHECK(holds(&out,
                "formwright_http_requests_total{route=\"live_get\",method=\"GET\",code=\"200\"} 2\n"));
    CHECK(holds(&out,
                "formwright_http_requests_total{route=\"live_get\",method=\"HEAD\",code=\"304\"} 1\n"));
    CHECK(holds(&out,
                "formwright_http_requests_total{route=\"none\",method=\"other\",code=\"404\"} 1\n"));
    CHECK(holds(&out, "_bucket{le=\"5e-05\"} 2\n") && holds(&out, "_bucket{le=\"0.0001\"} 3\n"));
    CHECK(holds(&out, "_bucket{le=\"2.5\"} 3\n") && holds(&out, "_bucket{le=\"+Inf\"} 4\n"));
    CHECK(holds(&out, "formwright_http_request_duration_seconds_count 4\n"));
    CHECK(holds(&out, "formwright_http_request_duration_seconds_sum 9.000110\n"));
    buf_release(&out);
}

static void the_engines_counters_are_there(void)
{
    struct buf out = written();
    CHECK(holds(&out, "\nformwright_definition_cache_hits_total 3\n"));
    CHECK(holds(&out, "\nformwright_submissions_total{result=\"stored\"} 5\n"));
    CHECK(holds(&out, "\nformwright_commit_duration_seconds_total 1.500000\n"));
    CHECK(holds(&out, "\nformwright_crew_queue_depth 4\n"));
    CHECK(holds(&out, "\nformwright_judges_queue_depth 5\n"));
    buf_release(&out);
}

static void judgings_are_counted_by_how_they_ended(void)
{
    struct buf out = written();
    CHECK(holds(&out, "\nformwright_judgings_total{outcome=\"judged\"} 12\n"));
    CHECK(holds(&out, "\nformwright_judgings_total{outcome=\"malformed\"} 4\n"));
    CHECK(holds(&out, "\nformwright_judgings_total{outcome=\"over-steps\"} 3\n"));
    CHECK(holds(&out, "\nformwright_judgings_total{outcome=\"over-time\"} 0\n"));
    CHECK(holds(&out, "\nformwright_judgings_total{outcome=\"fault\"} 1\n"));
    buf_release(&out);
}

static void tenants_have_series_only_when_they_are_asked_for(void)
{
    struct usage_item items[] = {{.name = STR("acme")}, {.name = STR("other")}};
    struct usage_page page = {.items = items, .count = 2};
    items[0].counts.of[USAGE_STEPS] = 900;
    items[1].counts.of[USAGE_OVER_TIME] = 2;
    struct buf out = written_with(&page);
    CHECK(holds(&out, "\nformwright_tenant_steps_total{tenant=\"acme\"} 900\n"));
    CHECK(holds(&out, "\nformwright_tenant_steps_total{tenant=\"other\"} 0\n"));
    CHECK(holds(&out, "\nformwright_tenant_over_time_total{tenant=\"other\"} 2\n"));
    buf_release(&out);
    out = written();
    CHECK(!holds(&out, "tenant="));
    buf_release(&out);
}

/* Each series' name was announced by a TYPE line before it, once. */
static void the_text_is_as_prometheus_wants_it(void)
{
    struct usage_item items[] = {{.name = STR("acme")}};
    struct usage_page page = {.items = items, .count = 1};
    struct buf out = written_with(&page);
    char announced[80] = "";
    struct str rest = buf_str(&out);
    while (rest.len > 0) {
        char line[200];
        const char *end = memchr(rest.ptr, '\n', rest.len);
        CHECK(end != NULL);
        if (!end) break;
        snprintf(line, sizeof line, "%.*s", (int)(end - rest.ptr), rest.ptr);
        rest = (struct str){end + 1, rest.len - (size_t)(end - rest.ptr) - 1};
        if (strncmp(line, "# TYPE ", 7) == 0) {
            snprintf(announced, sizeof announced, "%.*s", (int)strcspn(line + 7, " "), line + 7);
        } else if (line[0] != '#') {
            CHECK(announced[0] && strncmp(line, announced, strlen(announced)) == 0);
            CHECK(strrchr(line, ' ') != NULL);
        }
    }
    buf_release(&out);
}

static void a_status_that_is_none_is_counted_as_nought(void)
{
    metrics_count(&metrics, ROUTE_livez_get, false, 999, 1);
    struct buf out = written();
    CHECK(holds(&out,
                "formwright_http_requests_total{route=\"livez_get\",method=\"GET\",code=\"0\"} 1\n"));
    buf_release(&out);
}

int main(void)
{
    requests_are_counted_by_route_method_and_status();
    the_engines_counters_are_there();
    judgings_are_counted_by_how_they_ended();
    tenants_have_series_only_when_they_are_asked_for();
    the_text_is_as_prometheus_wants_it();
    a_status_that_is_none_is_counted_as_nought();
    return TEST_RESULT();
}
