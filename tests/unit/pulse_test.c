#include "server/pulse.h"

#include "tests/test.h"

#include <pthread.h>

#define SECOND INT64_C(1000000000)

static void *a_thread_that_stays_in_one_step_is_stuck(void *user)
{
    struct pulse *pulse = user;
    pulse_look(pulse, 0, 5000);
    CHECK(pulse_stuck(pulse) == 0);
    pulse_enter(pulse);
    for (int i = 1; i <= 6; i++) { /* first seen at 1 s */
        pulse_look(pulse, i * SECOND, 5000);
        CHECK(pulse_stuck(pulse) == 0);
    }
    pulse_look(pulse, 6 * SECOND + 1, 5000);
    CHECK(pulse_stuck(pulse) == 1);
    pulse_leave();
    pulse_look(pulse, 7 * SECOND, 5000);
    CHECK(pulse_stuck(pulse) == 0);
    return NULL;
}

static void *a_thread_that_goes_from_step_to_step_is_well_and_so_is_one_that_waits(void *user)
{
    struct pulse *pulse = user;
    for (int i = 10; i < 30; i++) {
        pulse_enter(pulse);
        pulse_look(pulse, i * SECOND, 5000);
        CHECK(pulse_stuck(pulse) == 0);
        pulse_leave();
    }
    for (int i = 30; i < 60; i++) {
        pulse_look(pulse, i * SECOND, 5000);
        CHECK(pulse_stuck(pulse) == 0);
    }
    return NULL;
}

static void run(void *(*test)(void *), struct pulse *pulse)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, test, pulse) == 0);
    pthread_join(thread, NULL);
}

static void *come_and_stay(void *user)
{
    pulse_enter(user);
    return NULL;
}

static void more_threads_than_there_is_room_for_are_not_watched(void)
{
    static struct pulse pulse;
    for (int i = 0; i < PULSE_THREADS + 2; i++) run(come_and_stay, &pulse);
    pulse_look(&pulse, 0, 5000);
    pulse_look(&pulse, 6 * SECOND, 5000);
    CHECK(pulse_stuck(&pulse) == PULSE_THREADS);
}

int main(void)
{
    static struct pulse pulse;
    run(a_thread_that_stays_in_one_step_is_stuck, &pulse);
    run(a_thread_that_goes_from_step_to_step_is_well_and_so_is_one_that_waits, &pulse);
    more_threads_than_there_is_room_for_are_not_watched();
    return TEST_RESULT();
}
