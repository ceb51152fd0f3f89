/* Question: one field in one row while it is drawn, and what the files share that draw parts of it.
 *
 *     question_…   what is in it, its label and hint        calendar_…   dates and times
 *     choosing_…   options                                  control_…    lines, and a field as a whole
 */
#ifndef PAGES_QUESTION_H
#define PAGES_QUESTION_H

#include "pages/draw.h"

/* One field in one row, while it is drawn. */
struct control {
    struct drawing *drawing;
    struct markup *m;
    const struct program_node *node;
    uint32_t field;
    const struct seat *seat;
    const struct typed *answer; /* what is in it; NULL: nothing */
    struct described described;
};

const struct typed *question_answer(const struct control *control);
struct str question_text(const struct typed *typed);
bool question_is_numeric(const struct program_node *node);
struct str question_shown(const struct control *control);
void question_put_label_text(struct control *control, bool optional);
void question_put_label(struct control *control);
void question_begin(struct control *control);
void question_put_unit(struct control *control, struct str text);
void question_put_notes(struct control *control);
void question_begin_set(struct control *control, const char *class);
void question_put_asked(struct control *control);

void calendar_open_part(struct drawing *drawing, struct str id, enum phrase phrase);
void calendar_draw_date(struct control *control);
bool calendar_begins_with_year(struct str tag);
void calendar_draw_time(struct control *control);
void calendar_draw_datetime(struct control *control);

void control_put_input(struct control *control, const char *type, struct str value);
struct control control_on(struct drawing *drawing, uint32_t field, const struct seat *seat);

struct ticked {
    struct str id, code, label;
    const struct program_message *language; /* of the label; NULL: the page's */
    bool on;
};

bool choosing_holds(const struct typed *answer, struct str code);
const struct typed *choosing_other(const struct typed *answer);
struct str choosing_option_id(const struct control *control, uint32_t number);
void choosing_put_tick(struct control *control, const char *type, const struct ticked *ticked,
                       struct str labelled);
void choosing_draw_choice(struct control *control);
void choosing_draw_boolean(struct control *control);
void choosing_draw_ranking(struct control *control);

#endif
