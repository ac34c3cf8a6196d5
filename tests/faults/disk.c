/* Has the disk beneath one folder fail, for every process that loads this library first (LD_PRELOAD).
 *
 * DISK_FAULT_FOLDER names the folder. The first byte of DISK_FAULT_FILE says how it fails, and may
 * change at any moment:
 *   f  it is full: no file may grow; what is written over bytes that are there is taken
 *   r  it is only readable, as the kernel leaves a disk that has failed: open files too
 *   s  nobody says that what was written is on it (fsync)
 * and anything else that it is well.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* The function of the C library that has the name of the one it stands in. */
#define NEXT(name) \
    static __typeof__(name) *next; \
    if (!next) next = (__typeof__(name) *) dlsym(RTLD_NEXT, #name)

static const char well = '-', *how = &well, *folder = "/nowhere";

__attribute__((constructor)) static void read_environment(void) {
    const char *name = getenv("DISK_FAULT_FILE"), *place = getenv("DISK_FAULT_FOLDER");
    int file = name && place ? open(name, O_RDONLY) : -1;
    if (file < 0) return;
    void *page = mmap(NULL, 1, PROT_READ, MAP_SHARED, file, 0);
    if (page != MAP_FAILED) { how = page; folder = place; }
    close(file);
}

static int is(char fault) { return *(volatile const char *) how == fault; }

static int within(const char *path) {
    size_t length = strlen(folder);
    return !strncmp(path, folder, length) && (path[length] == '/' || !path[length]);
}

static int beneath(int file) {
    char link[32], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return within(path);
}

/* Whether a path is in the folder; a relative one counts from an open folder, or from here. */
static int beneath_at(int from, const char *path) {
    char here[PATH_MAX];
    if (path[0] == '/') return within(path);
    if (from != AT_FDCWD) return beneath(from);
    return getcwd(here, sizeof here) && within(here);
}

static int fail(int error) { errno = error; return 1; }

/* Whether a file may not be written up to there, counted from its beginning. */
static int no_write(int file, off_t end) {
    struct stat found;
    if (!is('f') && !is('r')) return 0;
    if (fstat(file, &found) || !S_ISREG(found.st_mode) || !beneath(file)) return 0;
    if (is('r')) return fail(EROFS);
    return end > found.st_size ? fail(ENOSPC) : 0;
}

/* The same of a write where the file stands. */
static int no_more(int file, size_t count) {
    struct stat found;
    if (!is('f') && !is('r')) return 0;
    int flags = fcntl(file, F_GETFL);
    off_t at = flags & O_APPEND && !fstat(file, &found) ? found.st_size : lseek(file, 0, SEEK_CUR);
    return at >= 0 && no_write(file, at + count);
}

static size_t all(const struct iovec *parts, int count) {
    size_t sum = 0;
    for (int i = 0; i < count; i++) sum += parts[i].iov_len;
    return sum;
}

static int no_change(int from, const char *path) {
    return is('r') && beneath_at(from, path) ? fail(EROFS) : 0;
}

static int no_open(int from, const char *path, int flags) {
    return flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC) ? no_change(from, path) : 0;
}

ssize_t write(int file, const void *bytes, size_t count) {
    NEXT(write);
    return no_more(file, count) ? -1 : next(file, bytes, count);
}

ssize_t writev(int file, const struct iovec *parts, int count) {
    NEXT(writev);
    return no_more(file, all(parts, count)) ? -1 : next(file, parts, count);
}

/* Under both of their names, of which programs use either. */
#define PWRITE(name) ssize_t name(int file, const void *bytes, size_t count, off_t at) { \
    NEXT(name); \
    return no_write(file, at + count) ? -1 : next(file, bytes, count, at); \
}
PWRITE(pwrite)
PWRITE(pwrite64)

#define PWRITEV(name) ssize_t name(int file, const struct iovec *parts, int count, off_t at) { \
    NEXT(name); \
    return no_write(file, at + all(parts, count)) ? -1 : next(file, parts, count, at); \
}
PWRITEV(pwritev)
PWRITEV(pwritev64)

#define TRUNCATE(name) int name(int file, off_t length) { \
    NEXT(name); \
    return is('r') && no_write(file, length) ? -1 : next(file, length); \
}
TRUNCATE(ftruncate)
TRUNCATE(ftruncate64)

#define ALLOCATE(name) int name(int file, off_t at, off_t count) { \
    NEXT(name); \
    return no_write(file, at + count) ? errno : next(file, at, count); \
}
ALLOCATE(posix_fallocate)
ALLOCATE(posix_fallocate64)

#define MODE(flags) \
    va_list rest; \
    va_start(rest, flags); \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
    va_end(rest)

#define OPEN(name) int name(const char *path, int flags, ...) { \
    NEXT(name); \
    MODE(flags); \
    return no_open(AT_FDCWD, path, flags) ? -1 : next(path, flags, mode); \
}
OPEN(open)
OPEN(open64)

#define OPENAT(name) int name(int from, const char *path, int flags, ...) { \
    NEXT(name); \
    MODE(flags); \
    return no_open(from, path, flags) ? -1 : next(from, path, flags, mode); \
}
OPENAT(openat)
OPENAT(openat64)

int unlink(const char *path) {
    NEXT(unlink);
    return no_change(AT_FDCWD, path) ? -1 : next(path);
}

int rename(const char *from, const char *to) {
    NEXT(rename);
    return no_change(AT_FDCWD, to) ? -1 : next(from, to);
}

int mkdir(const char *path, mode_t mode) {
    NEXT(mkdir);
    return no_change(AT_FDCWD, path) ? -1 : next(path, mode);
}

int fsync(int file) {
    NEXT(fsync);
    return is('s') && beneath(file) && fail(EIO) ? -1 : next(file);
}

int fdatasync(int file) {
    NEXT(fdatasync);
    return is('s') && beneath(file) && fail(EIO) ? -1 : next(file);
}
