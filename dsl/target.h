/* Target: what a form can be turned into, each with its version (dsl/target.def).
 *
 *     TARGET_SCHEMA_VERSION      1; a number in the output says the same */
#ifndef DSL_TARGET_H
#define DSL_TARGET_H

enum target_version {
#define TARGET(NAME, name, version, summary) TARGET_##NAME##_VERSION = version,
#include "dsl/target.def"
#undef TARGET
};

#endif
