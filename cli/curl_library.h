/* Curl library: libcurl, loaded by the verbs that speak HTTP and by nothing else.
 *
 *     const struct curl_library *http;
 *     code = curl_library_load(command, &http);                 curl = http->easy_init();
 *
 * A server asks nobody anything, and libcurl brings some thirty libraries along (TLS, Kerberos, LDAP,
 * SSH …) that would be resident in it. Why not linked: docs/decisions/0035. */
#ifndef CLI_CURL_LIBRARY_H
#define CLI_CURL_LIBRARY_H

#include "cli/command.h"

#include <curl/curl.h>

/* What is used of it: the type of the result, the name without "curl_", the arguments. */
#define CURL_FUNCTIONS(FUNCTION)                                                                       \
    FUNCTION(CURL *, easy_init, (void))                                                                \
    FUNCTION(void, easy_cleanup, (CURL *))                                                             \
    FUNCTION(void, easy_reset, (CURL *))                                                               \
    FUNCTION(CURLcode, easy_setopt, (CURL *, CURLoption, ...))                                         \
    FUNCTION(CURLcode, easy_getinfo, (CURL *, CURLINFO, ...))                                          \
    FUNCTION(CURLcode, easy_perform, (CURL *))                                                         \
    FUNCTION(const char *, easy_strerror, (CURLcode))                                                  \
    FUNCTION(struct curl_slist *, slist_append, (struct curl_slist *, const char *))                   \
    FUNCTION(void, slist_free_all, (struct curl_slist *))

struct curl_library {
#define FUNCTION(type, name, arguments) type(*name) arguments;
    CURL_FUNCTIONS(FUNCTION)
#undef FUNCTION
};

/* Once a process; it is never unloaded. EXIT_UNREACHABLE, after telling why on stderr and what to
 * install, when it is not there. */
enum exit_code curl_library_load(const struct command *command,
                                 const struct curl_library **ret_library);

#endif
