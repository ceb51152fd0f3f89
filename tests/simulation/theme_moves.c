#include "tests/simulation/moves.h"

#include <stdio.h>
#include <string.h>

void move_theme_put(void)
{
    int tenant = some_tenant();
    struct tenant *t = &model.tenants[tenant];
    struct caller caller = who(tenant, "forms.publish");
    bool misfit = once_in(10), illegible = !misfit && once_in(10);
    struct look look = {
        .name = once_in(2) ? ++model.serial : 0, .radius = below(10), .accent = below(4)};
    char text[200];
    if (once_in(5)) look = (struct look){.name = 0};
    look_write(&look, text, sizeof text);
    ask("PUT", "/v1/tenants/t%d/theme", tenant);
    with_caller(&caller);
    if (misfit) with_body("application/json", "{\"radius\":\"red; } body { display: none\"}");
    else if (illegible) with_body("application/json", "{\"light\":{\"accent\":\"#eeeeee\"}}");
    else with_body("application/json", "%s", text);
    struct verdict want = model_may(&model, tenant, &caller, "forms.publish", here.now_ms);
    want = first(want, unless(!misfit, 400, "body-misfit"));
    want = first(want, unless(!illegible, 422, "contrast-too-low"));
    want = first(want, unless(t->used, 404, "not-found"));
    want = first(want, takes_changes(t));
    if (!comes(first(want, FINE(200)))) return;
    if (!here.unsure)
        same_text("theme", (struct str){here.exchange.answer, here.exchange.answer_len}, text);
    t->look = look;
}

void move_theme_get(void)
{
    int tenant = some_tenant();
    struct caller caller = who(tenant, "tenant.read");
    char text[200];
    ask("GET", "/v1/tenants/t%d/theme", tenant);
    with_caller(&caller);
    struct verdict want = model_may(&model, tenant, &caller, "tenant.read", here.now_ms);
    want = first(want, unless(model.tenants[tenant].used, 404, "not-found"));
    if (!comes(first(want, FINE(200))) || here.unsure) return;
    look_write(&model.tenants[tenant].look, text, sizeof text);
    same_text("theme", (struct str){here.exchange.answer, here.exchange.answer_len}, text);
}

/* The style sheet says what the theme says, and no more. */
void move_theme_style_get(void)
{
    int tenant = some_tenant();
    const struct look *look = &model.tenants[tenant].look;
    char radius[40] = "";
    ask("GET", "/assets/t%d/theme.css", tenant);
    struct verdict want = unless(model.tenants[tenant].used, 404, "not-found");
    if (!comes(first(want, FINE(200))) || here.unsure) return;
    const char *sheet = here.exchange.answer ? here.exchange.answer : "";
    if (look->radius) (void)snprintf(radius, sizeof radius, "--fw-radius: 0.%urem;", look->radius);
    if (!strstr(sheet, radius)) differ("the sheet's radius", "another", radius);
    same_number("a radius", strstr(sheet, "--fw-radius") != NULL, look->radius != 0);
    same_number("an accent", strstr(sheet, "--fw-accent:") != NULL, look->accent != 0);
}
