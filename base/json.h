/* JSON, all of it: reading step by step, token by token or as a tree, and writing. See each header. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/json_reader.h"
#include "base/json_scan.h"
#include "base/json_value.h"
#include "base/json_writer.h"

#endif
