/* Html: what all answers under /f/ have in common. */
#ifndef SERVER_HTML_H
#define SERVER_HTML_H

#include "pages/pages.h"
#include "server/request.h"

/* Whether people look at the answer. */
bool html_wanted(const struct request *request);
/* Makes request->out a page with that status and the headers of all pages. */
void html_begin(struct request *request, unsigned status);
/* A problem, as a page for people. What is not under /f/ stays as it is. */
void html_dress(struct request *request);

#endif
