/* Findings: diagnostics in the formats that other programs read.
 *
 *     findings_put_sarif(&diags, "visit.form", source, &out)     SARIF 2.1.0, one run of one file
 *     findings_put_github(&diags, "visit.form", source, &out)    ::error
 * file=visit.form,line=4,col=6,…::…
 *
 * Columns are code points from 1, as everywhere in this program. */
#ifndef CLI_FINDINGS_H
#define CLI_FINDINGS_H

#include "base/diag.h"

void findings_put_sarif(const struct diags *diags, const char *path, struct str source,
                        struct buf *out);
void findings_put_github(const struct diags *diags, const char *path, struct str source,
                         struct buf *out);

#endif
