/* Calendar: dates and times, in parts or as the browser asks for them. */
#include "pages/question.h"

#include "pages/spelling.h"

#include "base/civil.h"
#include "base/zoned.h"

/* ---------------------------------------------------------------- dates and times */

/* A label, and the input under the name at hand; its tag is still open. */
void calendar_open_part(struct drawing *drawing, struct str id, enum phrase phrase)
{
    struct markup *m = &drawing->markup;
    markup_open(m, "label");
    markup_attr(m, "class", STR("fw-part-label"));
    markup_attr(m, "for", id);
    markup_body(m);
    markup_text(m, draw_phrase(drawing, phrase));
    markup_close(m, "label");
    markup_open(m, "input");
    markup_attr(m, "type", STR("text"));
    markup_attr(m, "class", STR("fw-input"));
    markup_attr(m, "id", id);
    markup_attr(m, "name", buf_str(&drawing->name));
}

static void put_part(struct control *control, const char *name, enum phrase phrase, struct str value,
                     bool first, bool wide)
{
    struct drawing *drawing = control->drawing;
    struct markup *m = control->m;
    size_t before = drawing->name.len;
    struct str id = first ? draw_id(drawing, "") : STR("");
    buf_printf(&drawing->name, "/%s", name);
    if (!first) id = draw_id(drawing, "");
    markup_begin(m, "div", wide ? "fw-part fw-part-wide" : "fw-part");
    calendar_open_part(drawing, id, phrase);
    markup_attr(m, "inputmode", STR("numeric"));
    if (control->described.wrong) markup_attr(m, "aria-invalid", STR("true"));
    if (str_eq(control->node->rare->autocomplete, STR("bday"))) {
        struct str token = arena_printf(drawing->view->arena, "bday-%s", name);
        if (token.ptr) markup_attr(m, "autocomplete", token);
    }
    if (value.len) markup_attr(m, "value", value);
    markup_body(m);
    markup_close(m, "div");
    draw_leave(drawing, before);
}

/* The year comes first where people write it so. */
bool calendar_begins_with_year(struct str tag)
{
    static const char *const tags[] = {"zh", "ja", "ko", "hu", "lt"};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (str_starts(tag, str_of(tags[i]))) return true;
    return false;
}

void calendar_draw_date(struct control *control)
{
    static const struct {
        const char *name;
        enum phrase phrase;
    } parts[] = {{"day", PHRASE_DAY}, {"month", PHRASE_MONTH}, {"year", PHRASE_YEAR}};
    struct str text = question_text(control->answer);
    bool turned = calendar_begins_with_year(control->drawing->tag);
    int from = control->node->type == TYPE_YEAR_MONTH ? SPELLING_MONTH : SPELLING_DAY;
    question_begin_set(control, "fw-date");
    markup_begin(control->m, "div", "fw-parts");
    for (int i = from; i < SPELLING_PARTS; i++) {
        int part = turned ? SPELLING_YEAR - (i - from) : i;
        put_part(control, parts[part].name, parts[part].phrase,
                 spelling_date_part(text, (enum spelling_part)part), i == from, part == SPELLING_YEAR);
    }
    markup_close(control->m, "div");
    markup_close(control->m, "fieldset");
}

/* What a native control takes: without seconds when there are none. */
static struct str without_seconds(struct str text, size_t whole)
{
    bool zero = text.len == whole + 3 && str_eq((struct str){text.ptr + whole, 3}, STR(":00"));
    return zero ? (struct str){text.ptr, whole} : text;
}

static bool is_time(struct str text)
{
    int32_t ms;
    return !text.len || civil_parse_time(text, &ms);
}

static void draw_native(struct control *control, const char *type, struct str value)
{
    question_begin(control);
    question_put_label(control);
    question_put_notes(control);
    control_put_input(control, type, value);
    markup_close(control->m, "div");
}

void calendar_draw_time(struct control *control)
{
    struct str text = question_text(control->answer);
    draw_native(control, is_time(text) ? "time" : "text", without_seconds(text, 5));
}

/* The wall time of an answer in the zone that the field is about; `text` itself when it is another
 * zone's, or no time. */
static struct str wall_of(const struct control *control, struct str text)
{
    int64_t ms;
    int32_t offset, day, time_ms;
    struct zoned zoned;
    const struct view *view = control->drawing->view;
    if (control->node->format == FORMAT_ZONED) {
        if (!zoned_parse(text, &zoned) || zoned.utc) return text;
        if (zoned.zone.len && !str_eq(zoned.zone, control->node->rare->zone)) return text;
        ms = zoned.wall_ms;
        offset = 0;
    } else {
        if (!civil_parse_datetime(text, &ms, &offset)) return text;
        offset = zone_offset_at(view->zone ? view->zone : zone_utc(), ms / 1000);
    }
    char date[CIVIL_DATE_BYTES], time[CIVIL_TIME_BYTES];
    if (!civil_split(ms, (int64_t)offset * 1000, &day, &time_ms) || time_ms % 1000) return text;
    size_t date_len = civil_format_date(day, date), time_len = civil_format_time(time_ms, time);
    struct str wall = arena_printf(view->arena, "%.*sT%.*s", (int)date_len, date, (int)time_len, time);
    return wall.ptr ? without_seconds(wall, 16) : text;
}

void calendar_draw_datetime(struct control *control)
{
    struct str text = question_text(control->answer);
    struct str wall = text.len ? wall_of(control, text) : text;
    control->described.unit = true;
    draw_native(control, !wall.len || spelling_is_wall(wall) ? "datetime-local" : "text", wall);
}
