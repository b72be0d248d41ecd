/* Lets one call by which a file is written fail, for scripts/faults.py: preloaded before libc.

   faults_arm(path, number, error, lasting) counts the calls on files whose name contains `path`; the one
   with this number, from 1 on, fails with `error`, and where `lasting` is not 0 all after it do too. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static char watched[4096];
static long failing, calls;
static int wanted_error, lasts;

void faults_arm(const char *path, long number, int error, int lasting)
{
    snprintf(watched, sizeof watched, "%s", path);
    failing = number;
    wanted_error = error;
    lasts = lasting;
    calls = 0;
}

long faults_calls(void)
{
    return calls;
}

static int fails(int file)
{
    char link[64], name[4096];
    if (!watched[0])
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, name, sizeof name - 1);
    if (length < 0)
        return 0;
    name[length] = 0;
    if (!strstr(name, watched))
        return 0;
    calls++;
    if (!failing || calls < failing || (calls > failing && !lasts))
        return 0;
    errno = wanted_error;
    return 1;
}

#define FAILING(result, name, parameters, arguments)                                                          \
    result name parameters                                                                                    \
    {                                                                                                         \
        static result (*real) parameters;                                                                     \
        if (!real)                                                                                            \
            real = (result (*) parameters)dlsym(RTLD_NEXT, #name);                                            \
        return fails(file) ? -1 : real arguments;                                                             \
    }

FAILING(ssize_t, write, (int file, const void *from, size_t size), (file, from, size))
FAILING(ssize_t, pwrite, (int file, const void *from, size_t size, off_t at), (file, from, size, at))
FAILING(ssize_t, pwrite64, (int file, const void *from, size_t size, off64_t at), (file, from, size, at))
FAILING(int, ftruncate, (int file, off_t size), (file, size))
FAILING(int, ftruncate64, (int file, off64_t size), (file, size))
FAILING(int, fsync, (int file), (file))
FAILING(int, fdatasync, (int file), (file))
