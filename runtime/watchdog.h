/* Watchdog: ends a call into Lua that does not come back in time.
 *
 *     if (watchdog_watch(lua, too_late, now + 250 ms)) …     too_late: a hook that raises
 *     rc = lua_pcall(lua, …);
 *     watchdog_leave();                                      even if too_late has raised
 *
 * Steps decide what a judging may cost; this is the net below them, for rules that loop without
 * charging. A call in time pays for a look at the clock and two stores. Past the deadline the hook is
 * set from a signal handler in the very thread that is late, as the stand-alone `lua` does it on
 * Ctrl-C, for every kind of event, and stays until watchdog_leave(): whatever Lua does next, the hook
 * is called. What it cannot end is one operation of C code that takes long by itself.
 *
 * One thread for the whole process keeps watch, from the first call on. It sleeps until the nearest
 * deadline, at most LIMIT_JUDGE_MS, and without end when nothing has been watched for a while. Threads
 * that call are known to it until they end. The signal is SIGRTMIN; it means nothing to a thread that
 * is not late, whenever it comes. */
#ifndef RUNTIME_WATCHDOG_H
#define RUNTIME_WATCHDOG_H

#include "base/status.h"

#include <stdint.h>

struct lua_State;
struct lua_Debug;

/* From here on `hook` may be called by Lua, in this thread, at any instruction, once the clock
 * (clock_steady_ns()) shows `deadline_ns`. One call at a time. ST_NOMEM: there can be no watch; the
 * call had better not be made. */
MUST_USE enum status watchdog_watch(struct lua_State *lua,
                                    void (*hook)(struct lua_State *, struct lua_Debug *),
                                    int64_t deadline_ns);
/* Afterwards the hook is off and will not be called. */
void watchdog_leave(void);

#endif
