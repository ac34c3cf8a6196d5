/* Moves the wall clock of every process that loads this library first (LD_PRELOAD).
 *
 * CLOCK_MOVED_BY says by how many seconds, so that the clocks of all processes agree and go on.
 * Clocks that count from the start of the machine stay: a time-out takes as long as it does.
 * Who waits until a moment of the wall clock is handed on with the kernel's own moment.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

/* No machine has been up for so many seconds: what is more is a moment of the wall clock. */
#define WALL 1000000000

/* The function of the C library that has the name of the one it stands in. */
#define NEXT(name) \
    static __typeof__(name) *next; \
    if (!next) next = (__typeof__(name) *) dlsym(RTLD_NEXT, #name)

static time_t moved_by;

__attribute__((constructor)) static void read_environment(void) {
    const char *seconds = getenv("CLOCK_MOVED_BY");
    moved_by = seconds ? atol(seconds) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    NEXT(clock_gettime);
    int failed = next(clock, now);
    if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        now->tv_sec += moved_by;
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    NEXT(gettimeofday);
    int failed = next(now, zone);
    if (!failed) now->tv_sec += moved_by;
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
    if (found.tv_sec > WALL) found.tv_sec -= moved_by;
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
