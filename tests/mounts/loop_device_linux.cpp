// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "loop_device_linux.h"

#include <QFile>

#include <cerrno>

#include <fcntl.h>
#include <linux/loop.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace {

/// Others may take the device that has just been free.
constexpr int attempts = 16;

} // namespace

LoopDevice::LoopDevice(const QString &image)
{
    const int control = ::open("/dev/loop-control", O_RDWR | O_CLOEXEC);
    const int file = ::open(QFile::encodeName(image).constData(), O_RDWR | O_CLOEXEC);
    for (int attempt = 0; attempt < attempts && control != -1 && file != -1; ++attempt) {
        const int number = ::ioctl(control, LOOP_CTL_GET_FREE);
        if (number < 0)
            break;
        const QString path = QStringLiteral("/dev/loop%1").arg(number);
        m_device = ::open(QFile::encodeName(path).constData(), O_RDWR | O_CLOEXEC);
        loop_config config = {};
        config.fd = static_cast<__u32>(file);
        // The last who closes it gives it back, also if the test is killed.
        config.info.lo_flags = LO_FLAGS_AUTOCLEAR;
        if (m_device != -1 && ::ioctl(m_device, LOOP_CONFIGURE, &config) == 0) {
            m_path = path;
            break;
        }
        const bool taken = m_device != -1 && errno == EBUSY;
        if (m_device != -1)
            ::close(m_device);
        m_device = -1;
        if (!taken)
            break;
    }
    if (file != -1)
        ::close(file);
    if (control != -1)
        ::close(control);
}

LoopDevice::~LoopDevice()
{
    if (m_device != -1)
        ::close(m_device);
}
