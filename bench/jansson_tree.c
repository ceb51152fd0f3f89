/* jansson's tree of a document, made and freed: apart, since jansson and our reader name their
 * enumerators alike. */
#include <jansson.h>

#include <stdbool.h>

bool jansson_read(const char *text, size_t len);

bool jansson_read(const char *text, size_t len)
{
    json_t *tree = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
    json_decref(tree);
    return tree;
}
