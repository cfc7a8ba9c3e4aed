import Foundation

/// Tells whether a file lies on a file system that other machines share, by the mount table (proc(5), `/proc/self/mounts`).
package enum NetworkFileSystem {
    private static let types: Set = [
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "glusterfs", "afs", "gfs2", "ocfs2", "lustre", "beegfs", "gpfs",
        "fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.rclone", "fuse.s3fs",
    ]

    /// The type of the file system that holds `path`, where it is one of those; `nil` otherwise.
    package static func name(at path: String) -> String? {
        guard let mounts = try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8) else { return nil }
        let absolute = URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
        return type(of: absolute, mounts: mounts).flatMap { types.contains($0) ? $0 : nil }
    }

    /// The type of the innermost mount that holds the absolute `path`.
    package static func type(of path: String, mounts: String) -> String? {
        var innermost: (folder: String, type: String) = ("", "")
        for line in mounts.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 2 else { continue }
            let folder = unescaped(fields[1])
            let holds = path == folder || folder == "/" || path.hasPrefix(folder + "/")
            if holds, folder.utf8.count >= innermost.folder.utf8.count { innermost = (folder, String(fields[2])) }
        }
        return innermost.type.isEmpty ? nil : innermost.type
    }

    /// White space and backslashes in a mount's folder are written in octal (getmntent(3)).
    private static func unescaped(_ field: Substring) -> String {
        [(#"\040"#, " "), (#"\011"#, "\t"), (#"\012"#, "\n"), (#"\134"#, #"\"#)].reduce(String(field)) { text, escape in
            text.replacing(escape.0, with: escape.1)
        }
    }
}
