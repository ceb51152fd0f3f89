/* Contact: whether a text looks like an e-mail address, a web address or a phone number. */
#ifndef RUNTIME_CONTACT_H
#define RUNTIME_CONTACT_H

#include "base/str.h"

#include <stdbool.h>

/* The rule of the HTML standard for <input type=email>, which is deliberately not RFC 5322. */
bool contact_is_email(struct str text);
/* http or https with a host, perhaps a user, a port and the rest; no white space, no controls, none of
 * <>"{}|\^`. */
bool contact_is_url(struct str text);
/* An optional + and 5 to 15 digits, among which spaces, - . ( ) may stand. */
bool contact_is_phone(struct str text);

#endif
