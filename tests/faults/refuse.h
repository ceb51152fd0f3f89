/* Refuse: the world says no to the N-th thing that engine/ and tenants/ ask of it: memory, a statement,
 * a file, a thread, a compilation or a judging. Whatever it was, the caller must fail and leave things
 * as they were, or do without.
 *
 *     refuse_from(N, REFUSE_MEMORY);   st = engine_form_find(…);   bool refused = refuse_nothing();
 *
 * The linker puts what stands here in the place of the functions named in WRAPPED (CMakeLists.txt,
 * --wrap). What other modules and the database library ask for themselves does not count: that a
 * compilation or a statement fails does, once. tests/attacks/scarcity_test.c refuses their requests one
 * by one. */
#ifndef TESTS_FAULTS_REFUSE_H
#define TESTS_FAULTS_REFUSE_H

#ifndef _XOPEN_SOURCE
#define _XOPEN_SOURCE 700
#endif

#include "dsl/dsl.h"
#include "runtime/runtime.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* What there is too little of, or what is broken. MEMORY: requests, and whatever may fail for want of
 * it; ROOM: what arenas may take; DISK, FULL: statements and files only. */
enum refusing { REFUSE_MEMORY, REFUSE_ROOM, REFUSE_DISK, REFUSE_FULL };

static struct {
    struct mem mem;                       /* to be handed to what is tested */
    atomic_size_t asked, refuse_at, held; /* refuse_at 0: never */
    _Atomic enum refusing refusing;
    atomic_bool refused;
    atomic_bool for_ever; /* and all that come after it */
} refusal;

static _Thread_local unsigned refuse_elsewhere; /* calls of other modules that this thread is in */
static _Thread_local struct {
    sqlite3_stmt *stmt; /* whose step was refused: it tells so again at its end */
    int code;
} refuse_step;

static inline bool refuse_one(void)
{
    size_t at = atomic_load(&refusal.refuse_at);
    size_t asked = at ? atomic_fetch_add(&refusal.asked, 1) + 1 : 0;
    if (!at || (atomic_load(&refusal.for_ever) ? asked < at : asked != at)) return false;
    atomic_store(&refusal.refused, true);
    return true;
}

static inline bool refuse_this(void)
{
    return atomic_load(&refusal.refusing) != REFUSE_ROOM && refuse_one();
}

static inline bool refuse_memory(void)
{
    return atomic_load(&refusal.refusing) == REFUSE_MEMORY && !refuse_elsewhere && refuse_one();
}

static inline bool refuse_room(struct arena *arena)
{
    if (atomic_load(&refusal.refusing) != REFUSE_ROOM) return refuse_memory();
    if (refuse_elsewhere || !refuse_one()) return false;
    arena->refused = true;
    return true;
}

static inline void refuse_from(size_t number, enum refusing refusing)
{
    atomic_store(&refusal.refusing, refusing);
    atomic_store(&refusal.refused, false);
    atomic_store(&refusal.asked, 0);
    atomic_store(&refusal.refuse_at, number);
}

/* Was anything refused? */
static inline bool refuse_nothing(void)
{
    atomic_store(&refusal.refuse_at, 0);
    return atomic_load(&refusal.refused);
}

/* ---------------------------------------------------------------- memory */

static inline void *refuse_resize(struct mem *self, void *ptr, size_t old_size, size_t new_size)
{
    size_t old = ptr ? old_size : 0;
    (void)self;
    if (new_size > old && refuse_memory()) return NULL;
    atomic_fetch_add(&refusal.held, new_size - old);
    return mem_heap()->resize(mem_heap(), ptr, old_size, new_size);
}

static inline struct mem *refuse_mem(void)
{
    refusal.mem = (struct mem){refuse_resize};
    return &refusal.mem;
}

#define REFUSE_WRAP(type, name, params, args, when, answer)                                            \
    type __real_##name params;                                                                         \
    type __wrap_##name params;                                                                         \
    type __wrap_##name params                                                                          \
    {                                                                                                  \
        if (when) return answer;                                                                       \
        return __real_##name args;                                                                     \
    }
REFUSE_WRAP(void *, arena_alloc, (struct arena * arena, size_t size), (arena, size), refuse_room(arena),
            NULL)
REFUSE_WRAP(void *, arena_zalloc, (struct arena * arena, size_t count, size_t size),
            (arena, count, size), refuse_room(arena), NULL)
REFUSE_WRAP(void *, arena_grow,
            (struct arena * arena, void *ptr, size_t old_count, size_t new_count, size_t size),
            (arena, ptr, old_count, new_count, size), refuse_room(arena), NULL)
REFUSE_WRAP(struct str, arena_str, (struct arena * arena, struct str text), (arena, text),
            refuse_room(arena), ((struct str){NULL, 0}))
REFUSE_WRAP(struct str, arena_vprintf, (struct arena * arena, const char *format, va_list list),
            (arena, format, list), refuse_room(arena), ((struct str){NULL, 0}))

struct str __wrap_arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
struct str __wrap_arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    if (refuse_room(arena)) return (struct str){NULL, 0};
    va_start(args, format);
    struct str text = __real_arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}

/* ---------------------------------------------------------------- other modules */

#define REFUSE_ELSEWHERE(name, params, args)                                                           \
    enum status __real_##name params;                                                                  \
    enum status __wrap_##name params;                                                                  \
    enum status __wrap_##name params                                                                   \
    {                                                                                                  \
        if (atomic_load(&refusal.refusing) == REFUSE_MEMORY && refuse_this()) return ST_NOMEM;         \
        refuse_elsewhere++;                                                                            \
        enum status st = __real_##name args;                                                           \
        refuse_elsewhere--;                                                                            \
        return st;                                                                                     \
    }
REFUSE_ELSEWHERE(dsl_compile_with,
                 (struct mem * mem, struct str source, const struct dsl_tables *tables,
                  const struct price_caps *caps, struct diags *diags, struct price *ret_price,
                  struct program **ret_program),
                 (mem, source, tables, caps, diags, ret_price, ret_program))
REFUSE_ELSEWHERE(dsl_compile_published,
                 (struct mem * mem, struct str source, const struct digest *hash,
                  const struct dsl_tables *tables, struct diags *diags, struct program **ret_program),
                 (mem, source, hash, tables, diags, ret_program))
REFUSE_ELSEWHERE(dsl_compile_traced,
                 (struct arena * arena, struct str source, const struct dsl_tables *tables,
                  struct diags *diags, struct program_steps *ret_steps, struct program **ret_program),
                 (arena, source, tables, diags, ret_steps, ret_program))
REFUSE_ELSEWHERE(dsl_print_module,
                 (struct arena * arena, struct str source, const struct dsl_tables *tables,
                  struct diags *diags, struct str *ret_text),
                 (arena, source, tables, diags, ret_text))
REFUSE_ELSEWHERE(dsl_pin_tables,
                 (struct arena * arena, struct str source, const struct dsl_tables *tables,
                  struct str *ret_source),
                 (arena, source, tables, ret_source))
REFUSE_ELSEWHERE(dsl_diff,
                 (struct arena * arena, const struct dsl_side *from, const struct dsl_side *to,
                  struct dsl_diff *ret_diff),
                 (arena, from, to, ret_diff))
REFUSE_ELSEWHERE(dsl_migration_new,
                 (struct mem * mem, const struct dsl_migration_wish *wish,
                  struct dsl_migration **ret_migration),
                 (mem, wish, ret_migration))
REFUSE_ELSEWHERE(dsl_migration_carry,
                 (const struct dsl_migration *migration, struct arena *arena, struct str answers,
                  struct buf *out),
                 (migration, arena, answers, out))
REFUSE_ELSEWHERE(dsl_migration_versions,
                 (struct arena * arena, struct str source, uint32_t *ret_numbers, uint32_t *ret_count),
                 (arena, source, ret_numbers, ret_count))
REFUSE_ELSEWHERE(judge_new, (struct mem * mem, struct judge **ret_judge), (mem, ret_judge))
REFUSE_ELSEWHERE(judge_run,
                 (struct judge * judge, const struct judging *judging,
                  struct judge_outcome *ret_outcome),
                 (judge, judging, ret_outcome))
REFUSE_ELSEWHERE(sheet_new,
                 (struct mem * mem, struct str csv, struct sheet **ret_sheet,
                  struct sheet_fault *fault),
                 (mem, csv, ret_sheet, fault))
REFUSE_ELSEWHERE(zone_open, (struct arena * arena, struct str name, const struct zone **ret_zone),
                 (arena, name, ret_zone))
REFUSE_ELSEWHERE(atlas_new, (struct mem * mem, struct atlas **ret_atlas), (mem, ret_atlas))

/* ---------------------------------------------------------------- statements */

static inline int refuse_code(void)
{
    switch (atomic_load(&refusal.refusing)) {
    case REFUSE_MEMORY:
        return SQLITE_NOMEM;
    case REFUSE_FULL:
        return SQLITE_FULL;
    default:
        return SQLITE_IOERR;
    }
}

REFUSE_WRAP(int, sqlite3_prepare_v2,
            (sqlite3 * db, const char *sql, int len, sqlite3_stmt **ret_stmt, const char **ret_rest),
            (db, sql, len, ret_stmt, ret_rest), refuse_this(), refuse_code())
REFUSE_WRAP(int, sqlite3_prepare_v3,
            (sqlite3 * db, const char *sql, int len, unsigned flags, sqlite3_stmt **ret_stmt,
             const char **ret_rest),
            (db, sql, len, flags, ret_stmt, ret_rest), refuse_this(), refuse_code())
REFUSE_WRAP(int, sqlite3_open_v2, (const char *name, sqlite3 **ret_db, int flags, const char *vfs),
            (name, ret_db, flags, vfs), refuse_this(), (*ret_db = NULL, refuse_code()))
REFUSE_WRAP(int, sqlite3_create_function_v2,
            (sqlite3 * db, const char *name, int arguments, int traits, void *user,
             void (*function)(sqlite3_context *, int, sqlite3_value **),
             void (*step)(sqlite3_context *, int, sqlite3_value **), void (*end)(sqlite3_context *),
             void (*forget)(void *)),
            (db, name, arguments, traits, user, function, step, end, forget), refuse_memory(),
            SQLITE_NOMEM)
REFUSE_WRAP(int, sqlite3_wal_checkpoint_v2,
            (sqlite3 * db, const char *name, int mode, int *ret_log, int *ret_done),
            (db, name, mode, ret_log, ret_done), refuse_this(), refuse_code())

char *__wrap_sqlite3_mprintf(const char *format, ...);
char *__wrap_sqlite3_mprintf(const char *format, ...)
{
    va_list args;
    if (refuse_memory()) return NULL;
    va_start(args, format);
    char *text = sqlite3_vmprintf(format, args);
    va_end(args);
    return text;
}

/* Taking back cannot be refused: the library does it in memory. */
int __real_sqlite3_exec(sqlite3 *, const char *, int (*)(void *, int, char **, char **), void *,
                        char **);
int __wrap_sqlite3_exec(sqlite3 *, const char *, int (*)(void *, int, char **, char **), void *,
                        char **);
int __wrap_sqlite3_exec(sqlite3 *db, const char *sql, int (*row)(void *, int, char **, char **),
                        void *user, char **ret_message)
{
    if (strcmp(sql, "ROLLBACK") != 0 && refuse_this()) return refuse_code();
    return __real_sqlite3_exec(db, sql, row, user, ret_message);
}

int __real_sqlite3_step(sqlite3_stmt *stmt);
int __wrap_sqlite3_step(sqlite3_stmt *stmt);
int __wrap_sqlite3_step(sqlite3_stmt *stmt)
{
    if (!refuse_this()) return __real_sqlite3_step(stmt);
    refuse_step.stmt = stmt;
    return refuse_step.code = refuse_code();
}

static inline int refuse_end(sqlite3_stmt *stmt, int code)
{
    if (!stmt || refuse_step.stmt != stmt) return code;
    refuse_step.stmt = NULL;
    return refuse_step.code;
}

int __real_sqlite3_finalize(sqlite3_stmt *stmt);
int __wrap_sqlite3_finalize(sqlite3_stmt *stmt);
int __wrap_sqlite3_finalize(sqlite3_stmt *stmt)
{
    return refuse_end(stmt, __real_sqlite3_finalize(stmt));
}

int __real_sqlite3_reset(sqlite3_stmt *stmt);
int __wrap_sqlite3_reset(sqlite3_stmt *stmt);
int __wrap_sqlite3_reset(sqlite3_stmt *stmt)
{
    return refuse_end(stmt, __real_sqlite3_reset(stmt));
}

/* ---------------------------------------------------------------- files and threads */

static inline bool refuse_file(void)
{
    if (!refuse_this()) return false;
    switch (atomic_load(&refusal.refusing)) {
    case REFUSE_MEMORY:
        errno = ENOMEM;
        return true;
    case REFUSE_FULL:
        errno = ENOSPC;
        return true;
    default:
        errno = EIO;
        return true;
    }
}

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
    va_end(args);
    return refuse_file() ? -1 : __real_open(path, flags, mode);
}

REFUSE_WRAP(int, access, (const char *path, int mode), (path, mode), refuse_file(), -1)
REFUSE_WRAP(int, stat, (const char *path, struct stat *info), (path, info), refuse_file(), -1)
REFUSE_WRAP(int, fstat, (int fd, struct stat *info), (fd, info), refuse_file(), -1)
REFUSE_WRAP(int, mkdir, (const char *path, mode_t mode), (path, mode), refuse_file(), -1)

/* Nothing here outlives the process, so nobody waits for the disk. */
int __wrap_fsync(int fd);
int __wrap_fsync(int fd)
{
    (void)fd;
    return refuse_file() ? -1 : 0;
}

REFUSE_WRAP(int, flock, (int fd, int operation), (fd, operation), refuse_file(), -1)
REFUSE_WRAP(int, rename, (const char *from, const char *to), (from, to), refuse_file(), -1)
REFUSE_WRAP(int, unlink, (const char *path), (path), refuse_file(), -1)
REFUSE_WRAP(char *, getcwd, (char *into, size_t size), (into, size), refuse_file(), NULL)
REFUSE_WRAP(ssize_t, read, (int fd, void *into, size_t len), (fd, into, len), refuse_file(), -1)
REFUSE_WRAP(ssize_t, write, (int fd, const void *from, size_t len), (fd, from, len), refuse_file(), -1)
REFUSE_WRAP(int, pthread_create,
            (pthread_t * thread, const pthread_attr_t *attr, void *(*run)(void *), void *user),
            (thread, attr, run, user), refuse_this(), EAGAIN)

/* Closed all the same, as the system does. */
int __real_close(int fd);
int __wrap_close(int fd);
int __wrap_close(int fd)
{
    int failed = __real_close(fd);
    return refuse_file() ? -1 : failed;
}

#endif
