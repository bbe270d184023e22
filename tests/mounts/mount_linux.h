// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QProcess>
#include <QString>
#include <QStringList>

#include <memory>
#include <optional>

/// Makes everything that this process mounts from now on its own affair, which ends with it. Has to be
/// called before there are threads; false if only root may.
bool enterPrivateMounts();

/// How a file system is made and mounted. In the commands, words between spaces, %device, %image, %root
/// (where it is to be seen) and %base (the file system below it) stand for paths.
struct FileSystemKind
{
    const char *name = nullptr;
    /// Size of the image; 0 if it has none.
    int mebibytes = 0;
    /// The program that makes the file system on %image.
    const char *make = "";
    /// For mount(2); null if a program serves the file system.
    const char *type = nullptr;
    const char *options = "";
    /// The program that serves the file system until it is unmounted.
    const char *serve = "";
    /// The kind of the file system below it, which holds its files in a directory of this name.
    const FileSystemKind *base = nullptr;
    /// What a copy of the image is to be mounted with.
    const char *optionsOfCopy = "";
};

/// A file system of this kind, mounted as long as the object lives.
class Mount
{
public:
    Mount(const FileSystemKind &kind, const QString &scratch);
    ~Mount();

    /// Why it is not there; empty if it is.
    QString obstacle() const { return m_obstacle; }
    QString path() const { return m_root; }
    QString filePath(const QString &name) const { return m_root + QLatin1Char('/') + name; }

    /// Makes everything durable that was written so far.
    void sync();
    /// How often its device has been told to empty its cache; -1 if it has none, or the kernel does not count.
    qint64 flushes() const;
    /// Unmounts it, and says what of a file would have been found had the power gone when this was called:
    /// nothing, if the file was not there.
    std::optional<QByteArray> contentAfterPowerCut(const QString &name);

private:
    Q_DISABLE_COPY(Mount)
    Mount(const FileSystemKind &kind, const QString &scratch, const QString &image);

    QString makeImage();
    QString mountIt(const char *options);
    QString serveIt();
    QString filled(QString text) const;
    QStringList commandOf(const char *words) const;
    bool unmount();

    const FileSystemKind &m_kind;
    const QString m_scratch;
    std::unique_ptr<Mount> m_base;
    QString m_root;
    QString m_image;
    QString m_device;
    QProcess m_server;
    bool m_mounted = false;
    QString m_obstacle;
};
