#include "cli/curl_library.h"

#include <dlfcn.h>
#include <string.h>

/* Debian has it with either library for TLS; this one is spoken to without. The number is that of the
 * ABI, the same since 2006. */
static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};

static struct curl_library library;
static bool loaded;

/* False: there is none of that name. A pointer to a function is copied, since C converts none. */
static bool find(void *handle, const char *name, void *function, size_t size)
{
    void *symbol = dlsym(handle, name);
    if (symbol) memcpy(function, &symbol, size);
    return symbol;
}

/* What the system says of the first name tells more than what it says of the last. */
static void *open_any(char *why, size_t size)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        void *handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
        if (handle) return handle;
        if (i == 0) (void)snprintf(why, size, "%s", dlerror());
    }
    return NULL;
}

static bool load(char *why, size_t size)
{
    void *handle = open_any(why, size);
    if (!handle) return false;
#define FUNCTION(type, name, arguments)                                                                \
    if (!find(handle, "curl_" #name, &library.name, sizeof library.name)) {                            \
        (void)snprintf(why, size, "it has no curl_" #name);                                            \
        return false;                                                                                  \
    }
    CURL_FUNCTIONS(FUNCTION)
#undef FUNCTION
    return true;
}

enum exit_code curl_library_load(const struct command *command, const struct curl_library **ret_library)
{
    char why[256] = "";
    if (!loaded && !load(why, sizeof why))
        return command_fail(command, EXIT_UNREACHABLE,
                            "libcurl, by which the server is spoken to, cannot be loaded (Debian: apt "
                            "install libcurl4): %s",
                            why);
    loaded = true;
    *ret_library = &library;
    return EXIT_OK;
}
