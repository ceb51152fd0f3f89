/* Measure: medians of things timed in turn, so that a noisy neighbour hits both.
 *
 *     struct series ours, theirs;
 *     for (round…) { ours.us[i] = time_per_call(a, 1000); theirs.us[i] = time_per_call(b, 1000); }
 *     series_ratio(&ours, &theirs)      the median of the rounds' own ratios */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS_MAX = 101 };

struct series {
    double us[ROUNDS_MAX];
    int count;
};

/* CPU time of this thread: the neighbours' share is not counted. */
static inline double measure_now_us(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
    return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static inline void series_add(struct series *series, double us)
{
    assert(series->count < ROUNDS_MAX);
    series->us[series->count++] = us;
}

static inline int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static inline double series_median(const struct series *series)
{
    double sorted[ROUNDS_MAX];
    assert(series->count > 0);
    memcpy(sorted, series->us, sizeof(double) * (size_t)series->count);
    qsort(sorted, (size_t)series->count, sizeof *sorted, compare_doubles);
    return sorted[series->count / 2];
}

/* What the work costs when the neighbours are quiet: for growth, where sizes cannot be timed in turn.
 */
static inline double series_least(const struct series *series)
{
    assert(series->count > 0);
    double least = series->us[0];
    for (int i = 1; i < series->count; i++)
        if (series->us[i] < least) least = series->us[i];
    return least;
}

static inline double series_ratio(const struct series *a, const struct series *b)
{
    struct series ratios = {.count = 0};
    for (int i = 0; i < a->count && i < b->count; i++) series_add(&ratios, a->us[i] / b->us[i]);
    return series_median(&ratios);
}

/* The rest of a JSON object that tells of two of them:
 * "ours_us":[quartiles],"theirs_us":[quartiles],"ratio":[quartiles]. */
static inline void series_put(const char *name, struct series *series)
{
    assert(series->count > 0);
    qsort(series->us, (size_t)series->count, sizeof *series->us, compare_doubles);
    printf("\"%s\":[%.4f,%.4f,%.4f]", name, series->us[series->count / 4],
           series->us[series->count / 2], series->us[series->count * 3 / 4]);
}

static inline void series_put_both(struct series *ours, struct series *theirs)
{
    struct series ratios = {.count = 0};
    for (int i = 0; i < ours->count && i < theirs->count; i++)
        series_add(&ratios, ours->us[i] / theirs->us[i]);
    series_put("ours_us", ours);
    printf(",");
    series_put("theirs_us", theirs);
    printf(",");
    series_put("ratio", &ratios);
}

#endif
