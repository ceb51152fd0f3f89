/* The power is cut at any moment of a data directory's life: while it is made, published to, submitted
 * to, migrated, erased from, folded together, copied and opened again. Of what was not synced some is
 * lost, some is there, in any order, and some is torn. Afterwards the directory opens, every file
 * passes its examination, and all that had been acknowledged is there, whole and once.
 *
 *     power_test [CUTS [SEED]]        300 cuts by default
 *
 * The disk that loses is simulated: SQLite's file layer tells each change (tests/unit/faulty_disk.h),
 * the test keeps beside each file what is durable and what is not yet, and lays the directory out anew
 * as a cut would leave it. */
#include "tests/faults/life.h"
#include "tests/faults/platter.h"

#include <sys/stat.h>

enum { FILES_MAX = 32 };

/* ---- what happened, in order */

struct event {
    enum disk_change_kind kind;
    bool fact; /* not a change: from here on facts[at] holds */
    int file;
    sqlite3_int64 at;
    int len;
    char *bytes;
};

static struct {
    struct event *items;
    size_t count, room;
} events;

static char names[FILES_MAX][200]; /* below the directory */
static int name_count;
static char absolute[4096]; /* the directory, with a slash */

static int file_number(const char *name)
{
    const char *below = name + strlen(absolute);
    for (int i = 0; i < name_count; i++)
        if (strcmp(names[i], below) == 0) return i;
    if (name_count == FILES_MAX || strlen(below) >= sizeof names[0]) abort();
    strcpy(names[name_count], below);
    return name_count++;
}

static void event_add(struct event event)
{
    if (events.count == events.room) {
        events.room = events.room ? events.room * 2 : 1024;
        events.items = realloc(events.items, events.room * sizeof *events.items);
        if (!events.items) abort();
    }
    events.items[events.count++] = event;
}

/* Copies lie elsewhere: backup_make() gives the folder its name when they are whole. */
static void watch(const struct disk_change *change)
{
    if (strncmp(change->name, absolute, strlen(absolute)) != 0) return;
    struct event event = {
        .kind = change->kind, .file = file_number(change->name), .at = change->at, .len = change->len};
    if (change->kind == DISK_WRITE) {
        event.bytes = malloc((size_t)change->len);
        if (!event.bytes) abort();
        memcpy(event.bytes, change->from, (size_t)change->len);
    }
    event_add(event);
}

static void note_fact(void)
{
    pthread_mutex_lock(&disk.lock);
    event_add((struct event){.fact = true, .at = (sqlite3_int64)fact_count - 1});
    pthread_mutex_unlock(&disk.lock);
}

static void copy(const struct fixture *fix)
{
    struct backup backup;
    struct arena arena;
    char to[100];
    snprintf(to, sizeof to, "%s-copy", fix->directory);
    arena_init(&arena, mem_heap(), 64 << 20);
    CHECK_STATUS(backup_make(fix->directory, STR(""), to, FIXTURE_NOW_MS, &arena, &backup), ST_OK);
    arena_release(&arena);
    fixture_remove(to);
}

/* ---- the disk that loses */

static struct platter platters[FILES_MAX];
static uint64_t random_state;

/* Everything up to and with the event. */
static void platters_take(const struct event *event)
{
    platter_take(&platters[event->file],
                 &(struct disk_change){
                     .kind = event->kind, .from = event->bytes, .len = event->len, .at = event->at});
}

static bool ends_with(const char *name, const char *suffix)
{
    size_t len = strlen(name), tail = strlen(suffix);
    return len >= tail && strcmp(name + len - tail, suffix) == 0;
}

static void lay_file(const char *directory, const char *name, const struct image *image)
{
    char path[400];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    for (char *slash = path + strlen(directory) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        (void)mkdir(path, 0700);
        *slash = '/';
    }
    if (!image->there) return;
    FILE *file = fopen(path, "wb");
    if (!file || (image->len && fwrite(image->bytes, 1, image->len, file) != image->len) ||
        fclose(file))
        abort();
}

static void lay_out(const char *directory, enum loss loss)
{
    if (mkdir(directory, 0700)) abort();
    for (int i = 0; i < name_count; i++) {
        struct image image;
        if (ends_with(names[i], "-shm")) continue;
        platter_lose(&platters[i], loss, &random_state, &image);
        lay_file(directory, names[i], &image);
        free(image.bytes);
    }
}

static void check_cut(enum loss loss, size_t known)
{
    struct fixture fix;
    fixture_prepare(&fix);
    rmdir(fix.directory);
    lay_out(fix.directory, loss);
    enum status st = tenants_open(&fix.options, &fix.tenants);
    CHECK_STATUS(st, ST_OK);
    if (!st) {
        life_check(&fix, known);
        life_go_on(&fix);
        tenants_close(fix.tenants);
        life_check_files(&fix);
    }
    arena_release(&fix.arena);
    fixture_remove(fix.directory);
}

static void replay(size_t cuts, uint64_t seed)
{
    size_t known = 0, done = 0;
    for (size_t i = 0; i < events.count; i++) {
        const struct event *event = &events.items[i];
        if (event->fact) known = (size_t)event->at + 1;
        else platters_take(event);
        for (; done * events.count < cuts * (i + 1) && done < cuts; done++) {
            int before = test_failures;
            random_state = (seed + done) * UINT64_C(0x9e3779b97f4a7c15) | 1;
            check_cut((enum loss)(done % LOSSES), known);
            if (test_failures > before)
                fprintf(stderr, "cut %zu after event %zu of %zu, loss %zu, seed %llu\n", done, i,
                        events.count, done % LOSSES, (unsigned long long)seed);
            if (test_failures > 20) return;
        }
    }
    fprintf(stderr, "%zu cuts in %zu changes of %d files, %zu facts\n", done, events.count, name_count,
            fact_count);
    CHECK_NUMBER(done, cuts);
}

int main(int argc, char **argv)
{
    struct fixture fix;
    size_t cuts = argc > 1 ? strtoul(argv[1], NULL, 10) : 300;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    faulty_disk_install();
    disk.unsynced = true;
    fixture_prepare(&fix);
    fix.options.writers = 1;
    if (!realpath(fix.directory, absolute)) return 2;
    strcat(absolute, "/");
    disk.watch = watch;
    fact_told = note_fact;
    fixture_open(&fix);
    life_live(&fix, 20);
    copy(&fix);
    tenants_close(fix.tenants);
    disk.watch = NULL;
    arena_release(&fix.arena);
    fixture_remove(fix.directory);
    if (test_failures == 0) replay(cuts, seed);
    for (size_t i = 0; i < events.count; i++) free(events.items[i].bytes);
    for (int i = 0; i < name_count; i++) platter_free(&platters[i]);
    free(events.items);
    return TEST_RESULT();
}
