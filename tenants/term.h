/* Term: what a form's owner has decided, read on a connection that is there. */
#ifndef TENANTS_TERM_H
#define TENANTS_TERM_H

#include "tenants/query.h"
#include "tenants/tenants.h"

/* The defaults where nothing was said. */
enum status term_find_in(struct database *db, struct str form, struct terms *ret_terms);

#endif
