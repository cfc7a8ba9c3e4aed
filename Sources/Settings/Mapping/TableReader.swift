import Foundation
import Mapping

/// Reads one table under `mapping`: entries in the configuration, a CSV file with the same columns, or both.
struct TableReader {
    let reader: SettingsReader
    let absolute: (String) -> String

    /// All rows without a fault, those of the file first.
    func rows(_ columns: [TableColumn]) -> [TableRow] {
        let names = columns.map(\.name).joined(separator: ", ")
        let file = reader.optionalText("file", "a CSV file whose first line names columns: \(names)")
        let separator: Character? = reader.value(
            "separator", "what parts the file's cells; without it, whichever its first line has more of", .words([",", ";"]),
            default: nil
        ) { [",", ";"].contains($0) ? .success($0.first) : .failure(SettingsFaultMessage("'\($0)' is neither , nor ;")) }
        return (file.map { fileRows($0, columns, separator) } ?? []) + entries(columns)
    }

    // MARK: In the configuration

    private func entries(_ columns: [TableColumn]) -> [TableRow] {
        reader.list("entries", "the entries, one by one") { entry -> TableRow? in
            let faultsBefore = reader.session.faults.count
            let place = TablePlace(
                file: reader.session.fileName, line: entry.line)
            var row = TableRow(place: place) { column, message in
                entry.fault(under: column, message)
            }
            for column in columns {
                if column.isList {
                    let texts = entry.texts(column.name, column.help, default: [])
                    if entry.has(column.name) { row.lists[column.name] = texts }
                } else if column.isRequired {
                    let text = entry.text(column.name, column.help)
                    if text.isEmpty, reader.session.faults.count == faultsBefore { row.report(column.name, "is empty") }
                    row.texts[column.name] = text
                } else if let text = entry.optionalText(column.name, column.help), !text.isEmpty {
                    row.texts[column.name] = text
                }
            }
            return reader.session.faults.count == faultsBefore ? row : nil
        }.compactMap(\.self)
    }

    // MARK: In a file

    private func fileRows(_ file: String, _ columns: [TableColumn], _ separator: Character?) -> [TableRow] {
        let session = reader.session
        guard !session.isDescribing else { return [] }
        guard let bytes = session.readFile(absolute(file)), bytes.count <= TableFile.bytesMax else {
            reader.fault(
                under: "file",
                "the file \(file) can't be read, is no ordinary file, or has more than \(TableFile.bytesMax >> 20) MiB")
            return []
        }
        func fault(_ line: Int, _ column: String, _ message: String) {
            session.faults.append(SettingsFault(line: line, path: column, message: message, file: file))
        }
        let csv = CSVText(bytes, separator: separator)
        for broken in csv.faults { fault(broken.line, "", broken.message) }
        guard let head = csv.records.first else {
            if csv.faults.isEmpty { fault(1, "", "the file is empty; its first line should name columns") }
            return []
        }
        guard let names = header(head, columns, fault) else { return [] }
        return csv.records.dropFirst().compactMap { row($0, names, columns, file, fault) }
    }

    /// The columns in the file's order; `nil` where the rows can't be read by them.
    private func header(
        _ record: CSVText.Record, _ columns: [TableColumn], _ fault: (Int, String, String) -> Void
    ) -> [TableColumn]? {
        let known = columns.map(\.name).joined(separator: ", ")
        var found: [TableColumn] = []
        var isUsable = true
        for cell in record.cells {
            if let column = columns.first(where: { $0.name == cell.lowercased() }) {
                if found.contains(where: { $0.name == column.name }) {
                    fault(record.line, column.name, "there are two such columns")
                    isUsable = false
                }
                found.append(column)
            } else {
                fault(record.line, cell, "there is no such column; known here: \(known)")
                isUsable = false
            }
        }
        for column in columns where column.isRequired && !found.contains(where: { $0.name == column.name }) {
            fault(record.line, column.name, "the column is missing: \(column.help)")
            isUsable = false
        }
        return isUsable ? found : nil
    }

    private func row(
        _ record: CSVText.Record, _ names: [TableColumn], _ columns: [TableColumn], _ file: String,
        _ fault: @escaping (Int, String, String) -> Void
    ) -> TableRow? {
        guard record.cells.count == names.count else {
            fault(record.line, "", "it has \(record.cells.count) cells, and the first line names \(names.count) columns")
            return nil
        }
        var row = TableRow(place: TablePlace(file: file, line: record.line)) { fault(record.line, $0, $1) }
        var isWhole = true
        for (column, cell) in zip(names, record.cells) {
            if cell.isEmpty {
                guard column.isRequired else { continue }
                row.report(column.name, "is empty")
                isWhole = false
            } else if column.isList {
                row.lists[column.name] = cell.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            } else {
                row.texts[column.name] = cell
            }
        }
        return isWhole ? row : nil
    }
}
