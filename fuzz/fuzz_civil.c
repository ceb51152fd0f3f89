/* Any text is a date, a time, an instant or nothing; what is one is written as a text that means the
 * same. */
#include "base/civil.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HOLDS(cond)                                                                                    \
    do {                                                                                               \
        if (!(cond)) abort();                                                                          \
    } while (0)

static void date_holds(struct str text)
{
    int32_t day, again, moved;
    char written[CIVIL_DATE_BYTES];
    if (!civil_parse_date(text, &day)) return;
    HOLDS(day >= CIVIL_DAY_MIN && day <= CIVIL_DAY_MAX);
    HOLDS(str_eq((struct str){written, civil_format_date(day, written)},
                 text)); /* there is one way to write it */
    if (civil_add_months(day, 1, &moved)) HOLDS(civil_months_between(day, moved) <= 1 && moved > day);
    if (civil_add_years(day, 1, &moved)) HOLDS(civil_years_between(day, moved) <= 1 && moved > day);
    if (civil_add_days(day, 1, &moved)) HOLDS(civil_add_days(moved, -1, &again) && again == day);
}

static void time_holds(struct str text)
{
    int32_t ms, again;
    char written[CIVIL_TIME_BYTES];
    if (!civil_parse_time(text, &ms)) return;
    HOLDS(ms >= 0 && ms < CIVIL_MS_PER_DAY);
    struct str spelled = {written, civil_format_time(ms, written)};
    HOLDS(civil_parse_time(spelled, &again) && again == ms);
}

static void instant_holds(struct str text)
{
    int64_t ms, again;
    int32_t offset, offset_again, day, time;
    char written[CIVIL_DATETIME_BYTES];
    if (!civil_parse_datetime(text, &ms, &offset)) return;
    HOLDS(ms >= CIVIL_MS_MIN && ms <= CIVIL_MS_MAX && offset > -1440 && offset < 1440);
    HOLDS(civil_split(ms, 0, &day, &time) && day * CIVIL_MS_PER_DAY + time == ms);
    struct str spelled = {written, civil_format_datetime(ms, offset, written)};
    HOLDS(civil_parse_datetime(spelled, &again, &offset_again) && again == ms &&
          offset_again == offset);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    date_holds(text);
    time_holds(text);
    instant_holds(text);
    return 0;
}
