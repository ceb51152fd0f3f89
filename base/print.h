/* Print: vsnprintf() for the few directives that the program's own texts are made of, several times as
 * fast.
 *
 *     size_t len = print(room, size, " S[%u]=%.*s", args);
 *
 * %s, %.*s, %c, %d, %i, %u, %x (with l, ll or z, without widths) and %%. A format with any other
 * directive is vsnprintf's, all of it: the result is always what that would have written. */
#ifndef BASE_PRINT_H
#define BASE_PRINT_H

#include <stdarg.h>
#include <stddef.h>

/* Writes at most `size` bytes, a NUL behind them counted (none when size is 0), and answers how many
 * the whole text has without it. */
size_t print(char *room, size_t size, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

#endif
