/* Cast: who asks, and of which tenant and form. Mostly those who may, of what is there.
 *
 *     struct place place = some_open_place();
 *     struct caller caller = who(place.tenant, "submissions.read"); */
#ifndef TESTS_SIMULATION_CAST_H
#define TESTS_SIMULATION_CAST_H

#include "tests/simulation/model.h"

/* One step's tenant, form, and the target's beginning. */
struct place {
    int tenant, form;
    struct tenant *t;
    struct form *f;
    char path[64], public_path[64];
};

struct caller operator_caller(void);
/* Anybody at all. */
struct caller somebody(void);
/* Somebody of the tenant's who may, and will as long as the tenant is there; NULL in `text`: nobody. */
struct caller surely(int tenant, const char *scope);
/* Mostly somebody who may. */
struct caller who(int tenant, const char *scope);
/* What is wanted is no more than the caller has. */
bool narrower(const struct caller *caller, uint32_t wanted, enum role role);

int some_tenant(void);
struct place place_at(int tenant, int form);
struct place some_place(void);
/* Mostly one whose form takes something. */
struct place some_open_place(void);
/* One that somebody was told of; NULL: there is none. */
struct submission *some_submission(struct form *form, bool erased);

struct verdict takes_changes(const struct tenant *tenant);
bool is_served(const struct place *place, uint32_t version);

#endif
