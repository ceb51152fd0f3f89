/* Entry: a submission that a test waits for.
 *
 *     struct entry entry = {.lock = PTHREAD_MUTEX_INITIALIZER, .over = PTHREAD_COND_INITIALIZER};
 *     entry.intake = (struct intake){…, .done = entry_done, .user = &entry};
 *     if (engine_store(&entry.intake) == INTAKE_QUEUED) entry_wait(&entry); */
#ifndef TESTS_UNIT_ENTRY_H
#define TESTS_UNIT_ENTRY_H

#include "engine/engine.h"

#include <pthread.h>

struct entry {
    struct intake intake;
    struct arena arena;
    pthread_mutex_t lock;
    pthread_cond_t over;
    bool done;
};

static inline void entry_done(struct intake *intake)
{
    struct entry *entry = intake->user;
    pthread_mutex_lock(&entry->lock);
    entry->done = true;
    pthread_cond_signal(&entry->over);
    pthread_mutex_unlock(&entry->lock);
}

static inline void entry_wait(struct entry *entry)
{
    pthread_mutex_lock(&entry->lock);
    while (!entry->done) pthread_cond_wait(&entry->over, &entry->lock);
    pthread_mutex_unlock(&entry->lock);
}

#endif
