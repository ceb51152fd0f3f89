/* Worker: the part of it that other files of the engine use; the rest is in engine/engine.h. */
#ifndef ENGINE_WORKER_H
#define ENGINE_WORKER_H

#include "engine/engine.h"

struct engine *worker_engine(const struct worker *worker);
/* Adds what all of them keep. */
void workers_count(struct engine *engine, struct engine_counters *counters);
/* Of the last evaluation that ended JUDGE_JUDGED: what verdict_write_unique() writes; what verdict_tell_indexed() tells; the normalised answers. */
bool worker_unique_write(const struct worker *worker, uint32_t rule, struct buf *out);
void worker_indexed_tell(const struct worker *worker, void (*add)(void *user, uint32_t node, struct str key),
                         void *user);
/* The verdict, and where in `out` the normalised answers stand, until the next put. */
void worker_both_write(const struct worker *worker, struct buf *out, struct str *ret_answers);

#endif
