// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "contract_place.h"

#include <filesystem>
#include <system_error>

#include <QDir>
#include <QTemporaryDir>

#include <sys/stat.h>
#include <unistd.h>

namespace atomicfile::test {

namespace {

QString patternOn(Medium medium)
{
    const QString parent = medium == Medium::SharedMemory ? QStringLiteral("/dev/shm")
                                                          : QDir::tempPath();
    return parent + QStringLiteral("/atomicfile-contract-XXXXXX");
}

std::optional<dev_t> volumeOf(const QTemporaryDir &directory)
{
    struct stat status = {};
    if (!directory.isValid() || ::stat(directory.path().toLocal8Bit().constData(), &status) == -1)
        return {};
    return status.st_dev;
}

class SystemPlace final : public Place
{
public:
    explicit SystemPlace(Medium medium)
        : m_directory(patternOn(medium))
        , m_other(patternOn(medium == Medium::Temporary ? Medium::SharedMemory : Medium::Temporary))
    {
    }

    bool isUsable() const { return m_directory.isValid(); }
    FileSystem &system() override { return systemFileSystem(); }
    Path root() const override { return m_directory.path().toStdString(); }
    std::optional<Path> otherVolume() const override
    {
        const auto other = volumeOf(m_other);
        if (!other || other == volumeOf(m_directory))
            return {};
        return m_other.path().toStdString();
    }
    Privilege privilege() const override
    {
        return ::geteuid() == 0 ? Privilege::Root : Privilege::Somebody;
    }
    void makeDirectory(const Path &name) override
    {
        std::error_code error;
        if (!std::filesystem::create_directory((root() / name).standard(), error))
            qFatal("Preparing the test failed: no directory could be made");
    }
    bool makeFifo(const Path &name) override
    {
        if (::mkfifo((root() / name).c_str(), 0600) == -1)
            qFatal("Preparing the test failed: no FIFO could be made");
        return true;
    }

private:
    QTemporaryDir m_directory;
    QTemporaryDir m_other;
};

} // namespace

bool mayHaveSharedMemory() { return true; }

std::unique_ptr<Place> makeSystemPlace(Medium medium)
{
    auto place = std::make_unique<SystemPlace>(medium);
    if (!place->isUsable())
        return nullptr;
    return place;
}

} // namespace atomicfile::test
