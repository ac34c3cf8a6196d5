/* Moves the wall clock of every process that loads this library first (LD_PRELOAD).
 *
 * CLOCK_MOVED_BY says by how many seconds, so that the clocks of all processes agree and go on; or a
 * file that CLOCK_MOVED_BY_FILE names, which holds a `time_t`: it may jump while they run.
 * Clocks that count from the start of the machine stay: a time-out takes as long as it does.
 * Who waits until a moment of the wall clock is handed on with the kernel's own moment.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* No machine has been up for so many seconds: what is more is a moment of the wall clock. */
#define WALL 1000000000

/* The function of the C library that has the name of the one it stands in. */
#define NEXT(name) \
    static __typeof__(name) *next; \
    if (!next) next = (__typeof__(name) *) dlsym(RTLD_NEXT, #name)

static time_t fixed;
static volatile const time_t *moved_by = &fixed;

__attribute__((constructor)) static void read_environment(void) {
    const char *seconds = getenv("CLOCK_MOVED_BY"), *name = getenv("CLOCK_MOVED_BY_FILE");
    fixed = seconds ? atol(seconds) : 0;
    int file = name ? open(name, O_RDONLY) : -1;
    if (file < 0) return;
    void *page = mmap(NULL, sizeof fixed, PROT_READ, MAP_SHARED, file, 0);
    if (page != MAP_FAILED) moved_by = page;
    close(file);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    NEXT(clock_gettime);
    int failed = next(clock, now);
    if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        now->tv_sec += *moved_by;
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    NEXT(gettimeofday);
    int failed = next(now, zone);
    if (!failed) now->tv_sec += *moved_by;
    return failed;
}

time_t time(time_t *now) {
    struct timespec found;
    clock_gettime(CLOCK_REALTIME, &found);
    if (now) *now = found.tv_sec;
    return found.tv_sec;
}

int timespec_get(struct timespec *now, int base) {
    return base == TIME_UTC && !clock_gettime(CLOCK_REALTIME, now) ? base : 0;
}

static struct timespec unmoved(const struct timespec *until) {
    struct timespec found = *until;
    if (found.tv_sec > WALL) found.tv_sec -= *moved_by;
    return found;
}

int pthread_cond_timedwait(
    pthread_cond_t *restrict condition,
    pthread_mutex_t *restrict mutex,
    const struct timespec *restrict until
) {
    NEXT(pthread_cond_timedwait);
    struct timespec moment = unmoved(until);
    return next(condition, mutex, &moment);
}

int pthread_mutex_timedlock(
    pthread_mutex_t *restrict mutex, const struct timespec *restrict until
) {
    NEXT(pthread_mutex_timedlock);
    struct timespec moment = unmoved(until);
    return next(mutex, &moment);
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict until) {
    NEXT(sem_timedwait);
    struct timespec moment = unmoved(until);
    return next(semaphore, &moment);
}
