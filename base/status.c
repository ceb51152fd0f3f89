#include "base/status.h"

static const char *const names[] = {
#define STATUS(name, http, text) [ST_##name] = #name,
#include "base/status.def"
#undef STATUS
};

static const char *const texts[] = {
#define STATUS(name, http, text) [ST_##name] = (text),
#include "base/status.def"
#undef STATUS
};

static const int https[] = {
#define STATUS(name, http, text) [ST_##name] = (http),
#include "base/status.def"
#undef STATUS
};

const char *status_name(enum status st)
{
    return names[st];
}

const char *status_text(enum status st)
{
    return texts[st];
}

int status_http(enum status st)
{
    return https[st];
}
