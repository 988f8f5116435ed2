package calvin.experiment.results;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** An SQLite file that is written in one transaction after another. Failures of the file are {@link IOException}s. */
public final class Database implements AutoCloseable {
    private final Connection connection;

    /** Opens the file, which is made if there is none. */
    public Database(Path file) throws IOException {
        try {
            connection = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            throw new IOException("cannot open " + file + ": " + e.getMessage(), e);
        }
    }

    /** Runs statements that return nothing. */
    public void execute(List<String> statements) throws IOException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.executeUpdate(sql);
            }
        } catch (SQLException e) {
            throw new IOException("the results database: " + e.getMessage(), e);
        }
    }

    /** Adds rows to a table; {@code rows} gives the values of all its columns. */
    public void insert(String table, Iterable<Object[]> rows) throws IOException {
        PreparedStatement statement = null;
        try {
            for (Object[] row : rows) {
                if (statement == null) {
                    String marks = "?,".repeat(row.length);
                    statement = connection.prepareStatement("INSERT OR REPLACE INTO " + table + " VALUES ("
                            + marks.substring(0, marks.length() - 1) + ")");
                }
                for (int i = 0; i < row.length; i++) {
                    statement.setObject(i + 1, row[i]);
                }
                statement.addBatch();
            }
            if (statement != null) {
                statement.executeBatch();
                statement.close();
            }
        } catch (SQLException e) {
            throw new IOException("table " + table + " of the results database: " + e.getMessage(), e);
        }
    }

    /** Takes one row of an answer. */
    public interface RowReader {
        void row(java.sql.ResultSet row) throws SQLException;
    }

    public void query(String sql, RowReader reader) throws IOException {
        try (Statement statement = connection.createStatement(); var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                reader.row(rows);
            }
        } catch (SQLException e) {
            throw new IOException("the results database: " + e.getMessage(), e);
        }
    }

    public void commit() throws IOException {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw new IOException("the results database: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            connection.commit();
            connection.close();
        } catch (SQLException e) {
            throw new IOException("the results database: " + e.getMessage(), e);
        }
    }
}
