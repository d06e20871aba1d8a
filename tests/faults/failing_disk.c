/*
 * Stands between the program and the C library: the n-th change of a file below a folder fails, as
 * a full or a broken disk lets it fail. SQLite, Python and every library go through these calls.
 *
 * Built by failing.py and loaded with LD_PRELOAD; nothing fails before failing_arm() was called.
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
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static char below[PATH_MAX];
static char told[1 << 20];
static size_t length_told;
static int at, number, stays, seen;

void failing_arm(const char *folder, int n, int error, int for_good)
{
    at = n, number = error, stays = for_good, seen = 0, told[0] = 0, length_told = 0;
    snprintf(below, sizeof below, "%s", folder);
}

int failing_seen(void) { return seen; }
/* A line for each change where none was to fail, else one for that which did. */
const char *failing_told(void) { return told; }

/* Count one change of a file; say whether it fails. */
static int fails(const char *what, const char *path)
{
    size_t length = strlen(below);
    if (!length || strncmp(path, below, length) != 0)
        return 0;
    seen++;
    if ((!at || seen == at) && length_told + PATH_MAX < sizeof told)
        length_told += sprintf(told + length_told, "%s %s\n", what, path + length);
    if (!at || seen < at || (seen > at && !stays))
        return 0;
    errno = number;
    return 1;
}

static int fails_on(const char *what, int handle)
{
    char link[64], path[PATH_MAX];
    if (!below[0])
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
    ssize_t got = readlink(link, path, sizeof path - 1);
    if (got < 0)
        return 0;
    path[got] = 0;
    return fails(what, path);
}

static int fails_at(const char *what, int folder, const char *name)
{
    char link[64], path[PATH_MAX + NAME_MAX + 2];
    if (!below[0])
        return 0;
    if (name[0] == '/')
        return fails(what, name);
    if (folder == AT_FDCWD)
        snprintf(link, sizeof link, "/proc/self/cwd");
    else
        snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    ssize_t got = readlink(link, path, PATH_MAX - 1);
    if (got < 0)
        return 0;
    snprintf(path + got, NAME_MAX + 2, "/%s", name);
    return fails(what, path);
}

/* A name that is there needs no room, so only a new one can fail. */
static int fails_new(const char *what, int folder, const char *name)
{
    if (!below[0] || faccessat(folder, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        return 0;
    return fails_at(what, folder, name);
}

static int fails_open(int flags, int folder, const char *name)
{
    return flags & O_CREAT ? fails_new("create", folder, name) : 0;
}

#define REAL(name) \
    static __typeof__(&name) real; \
    if (!real) \
        real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

#define MODE(last) \
    mode_t mode = 0; \
    if (flags & (O_CREAT | __O_TMPFILE)) { \
        va_list rest; \
        va_start(rest, last); \
        mode = va_arg(rest, mode_t); \
        va_end(rest); \
    }

int open(const char *path, int flags, ...)
{
    REAL(open);
    MODE(flags)
    return fails_open(flags, AT_FDCWD, path) ? -1 : real(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    REAL(open64);
    MODE(flags)
    return fails_open(flags, AT_FDCWD, path) ? -1 : real(path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...)
{
    REAL(openat);
    MODE(flags)
    return fails_open(flags, folder, path) ? -1 : real(folder, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...)
{
    REAL(openat64);
    MODE(flags)
    return fails_open(flags, folder, path) ? -1 : real(folder, path, flags, mode);
}

ssize_t write(int handle, const void *data, size_t size)
{
    REAL(write);
    return fails_on("write", handle) ? -1 : real(handle, data, size);
}

ssize_t writev(int handle, const struct iovec *parts, int count)
{
    REAL(writev);
    return fails_on("write", handle) ? -1 : real(handle, parts, count);
}

ssize_t pwrite(int handle, const void *data, size_t size, off_t place)
{
    REAL(pwrite);
    return fails_on("write", handle) ? -1 : real(handle, data, size, place);
}

ssize_t pwrite64(int handle, const void *data, size_t size, off64_t place)
{
    REAL(pwrite64);
    return fails_on("write", handle) ? -1 : real(handle, data, size, place);
}

ssize_t sendfile64(int handle, int source, off64_t *place, size_t size)
{
    REAL(sendfile64);
    return fails_on("write", handle) ? -1 : real(handle, source, place, size);
}

ssize_t sendfile(int handle, int source, off_t *place, size_t size)
{
    REAL(sendfile);
    return fails_on("write", handle) ? -1 : real(handle, source, place, size);
}

ssize_t copy_file_range(int source, off64_t *from, int handle, off64_t *to, size_t size,
                        unsigned flags)
{
    REAL(copy_file_range);
    return fails_on("write", handle) ? -1 : real(source, from, handle, to, size, flags);
}

int fsync(int handle)
{
    REAL(fsync);
    return fails_on("sync", handle) ? -1 : real(handle);
}

int fdatasync(int handle)
{
    REAL(fdatasync);
    return fails_on("sync", handle) ? -1 : real(handle);
}

int ftruncate(int handle, off_t size)
{
    REAL(ftruncate);
    return fails_on("cut", handle) ? -1 : real(handle, size);
}

int ftruncate64(int handle, off64_t size)
{
    REAL(ftruncate64);
    return fails_on("cut", handle) ? -1 : real(handle, size);
}

int truncate(const char *path, off_t size)
{
    REAL(truncate);
    return fails_at("cut", AT_FDCWD, path) ? -1 : real(path, size);
}

int truncate64(const char *path, off64_t size)
{
    REAL(truncate64);
    return fails_at("cut", AT_FDCWD, path) ? -1 : real(path, size);
}

int posix_fallocate64(int handle, off64_t place, off64_t size)
{
    REAL(posix_fallocate64);
    return fails_on("write", handle) ? number : real(handle, place, size);
}

int rename(const char *source, const char *target)
{
    REAL(rename);
    return fails_at("rename to", AT_FDCWD, target) ? -1 : real(source, target);
}

int renameat(int from, const char *source, int to, const char *target)
{
    REAL(renameat);
    return fails_at("rename to", to, target) ? -1 : real(from, source, to, target);
}

int link(const char *source, const char *target)
{
    REAL(link);
    return fails_at("link to", AT_FDCWD, target) ? -1 : real(source, target);
}

int linkat(int from, const char *source, int to, const char *target, int flags)
{
    REAL(linkat);
    return fails_at("link to", to, target) ? -1 : real(from, source, to, target, flags);
}

int mkdir(const char *path, mode_t mode)
{
    REAL(mkdir);
    return fails_new("make", AT_FDCWD, path) ? -1 : real(path, mode);
}

int mkdirat(int folder, const char *path, mode_t mode)
{
    REAL(mkdirat);
    return fails_new("make", folder, path) ? -1 : real(folder, path, mode);
}
