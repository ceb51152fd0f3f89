/* Findings: diagnostics in the formats that other programs read.
 *
 *     findings_put_sarif(&form, &diags, &out)      SARIF 2.1.0, one run
 *     findings_put_github(&form, &diags, &out)     ::error file=visit.form,line=4,col=6,…::…
 *
 * Columns are code points from 1, as everywhere in this program. */
#ifndef CLI_FINDINGS_H
#define CLI_FINDINGS_H

#include "cli/form_file.h"

void findings_put_sarif(const struct form_file *form, const struct diags *diags, struct buf *out);
void findings_put_github(const struct form_file *form, const struct diags *diags, struct buf *out);

#endif
