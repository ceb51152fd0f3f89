/* Form: finding one within a transaction; what the other nouns of a tenant's file need of it. */
#ifndef TENANTS_FORM_H
#define TENANTS_FORM_H

#include "tenants/apply.h"

/* ST_ABSENT: no such form. */
enum status form_find_in(struct database *db, struct str name, struct arena *arena,
                         struct form_record *ret_form);
/* For a write: absent is refused as REFUSAL_FORM_ABSENT. */
enum status form_need(struct vault *vault, struct write *write, struct str name,
                      struct form_record *ret_form);
/* One that is not there, with its audit row. */
enum status form_make(struct vault *vault, struct write *write, struct str name, struct str title,
                      struct form_record *ret_form);
/* The draft must be `if_match`; all zeroes: there must be none. Otherwise REFUSAL_DRAFT_STALE. */
enum status form_match_draft(struct write *write, const struct form_record *form,
                             const struct digest *if_match);
/* With its audit row; the state may follow the present one. */
enum status form_move(struct vault *vault, struct write *write, struct form_record *form,
                      enum form_state to);

#endif
