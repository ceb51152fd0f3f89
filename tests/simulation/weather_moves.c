#include "tests/simulation/moves.h"

#include "tests/simulation/fiber.h"
#include "tests/simulation/likeness.h"
#include "tests/simulation/machine.h"
#include "tests/simulation/memory_disk.h"

#include <inttypes.h>

/* Somebody sets the clock, forwards or back. Rates are of the steady clock; what is over by the wall is
 * over by it, and there again when it is set back, but for what was taken away meanwhile. */
void move_jump(void)
{
    int64_t by_ms = ((int64_t)below(20) - 8) * (once_in(2) ? DAY_MS : 3600000) + below(1000);
    int64_t to_ms = here.now_ms + by_ms, least_ms = INT64_C(1768471200000) - 10 * DAY_MS;
    if (to_ms < least_ms) to_ms = least_ms;
    fiber_set_wall(to_ms * 1000);
    here.counts.jumps++;
}

static void forget_what_is_over(void)
{
    for (int i = 0; i < TENANTS; i++)
        for (int j = 0; j < FORMS; j++)
            for (int k = 0; k < SAVED; k++) {
                struct saved *saved = &model.tenants[i].forms[j].saved[k];
                if (saved->until_ms <= here.latest_ms) *saved = (struct saved){.used = false};
            }
    for (int i = 0; i < TENANTS; i++)
        for (int j = 0; j < FORMS; j++)
            form_forget_invitations(&model.tenants[i].forms[j], here.latest_ms);
}

void look_at_clock(void)
{
    here.now_ms = fiber_wall_us() / 1000;
    if (here.now_ms > here.latest_ms) here.latest_ms = here.now_ms;
    forget_what_is_over();
}

/* The form keeps submissions for so many days, the server looks for what is too old, and the form keeps
 * all of them again. */
void move_retention(void)
{
    struct place place = some_place();
    struct caller caller = surely(place.tenant, "forms.write"),
                  reader = surely(place.tenant, "submissions.read");
    int64_t days = 1 + below(10);
    if (here.armed || !place.t->used || !place.f->used || place.t->phase != ACTIVE) return;
    if (!caller.text || !reader.text) return;
    for (int i = 0; i < 2; i++) {
        ask("PUT", "%s/settings", place.path);
        with_caller(&caller);
        with_reason();
        with_body("application/json", "{\"retention_days\":%" PRId64 "}", i ? 0 : days);
        struct verdict want = model_may(&model, place.tenant, &caller, "forms.write", here.now_ms);
        if (!comes(first(want, FINE(200)))) return;
        if (i) break;
        fiber_pass(
            7300 *
            FIBER_SECOND_NS); /* it looks every hour, and lets one pass after the clock was set */
        look_at_clock();
    }
    for (uint32_t i = 0; i < place.f->taken; i++) {
        struct submission *submission = &place.f->submissions[i];
        if (submission->presence != PRESENT || !submission->id[0]) continue;
        int64_t age_ms = here.now_ms - submission->received_ms;
        bool over = age_ms > days * DAY_MS;
        if (age_ms > days * DAY_MS - 7400000 && age_ms < days * DAY_MS + 7400000) {
            /* On the edge it may be so or so. */
            ask("GET", "%s/submissions/%s", place.path, submission->id);
            with_caller(&reader);
            go();
            over = here.exchange.status == 410;
            if (!over && here.exchange.status != 200)
                differ("what may be too old", "another", "200 or 410");
        }
        if (over) form_erase(place.f, submission);
    }
}

void move_restart(void)
{
    if (!memory_disk_is_cut()) (void)memory_disk_heal();
    machine_restart();
    here.counts.restarts++;
}

void recover(void)
{
    struct caller head = operator_caller();
    if (memory_disk_is_cut()) here.counts.cuts++;
    if (memory_disk_is_cut() || once_in(2)) move_restart();
    (void)memory_disk_heal();
    enum status st = machine_recover();
    if (st) differ("the system's file", status_name(st), "well");
    for (int i = 0; i < TENANTS; i++) {
        if (!model.tenants[i].used && !before.tenants[i].used) continue;
        ask("POST", "/v1/tenants/t%d/recover", i);
        with_caller(&head);
        with("Audit-Reason", "the disk is well again");
        go();
        bool may_be_absent = here.unsure && model.tenants[i].used != before.tenants[i].used &&
                             here.exchange.status == 404;
        if (here.exchange.status != 200 && !may_be_absent) differ("recovering", "another", "200");
    }
}

void make_sure(void)
{
    here.counts.unsure++;
    here.unsure = false;
    if (all_looks_so(true)) return;
    model_copy(&model, &before);
    if (all_looks_so(true)) return;
    differ("after the disk failed, neither as before nor as after", here.unlike, "one of both");
}

void move_arm(void)
{
    if (here.armed) return;
    here.armed = true;
    here.full = false;
    if (once_in(2)) {
        memory_disk_cut_after(1 + below(once_in(2) ? 20 : 400));
    } else {
        here.counts.faults++;
        here.full = once_in(3);
        memory_disk_fail_after(below(once_in(2) ? 20 : 400), once_in(2), here.full);
    }
}
