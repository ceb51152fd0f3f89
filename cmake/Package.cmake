# What is installed, and the Debian package that is made of it: cpack --config build/release/CPackConfig.cmake
include(GNUInstallDirs)

install(TARGETS formwright RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES packaging/formwright.service DESTINATION lib/systemd/system)
install(FILES packaging/formwright.sysusers DESTINATION lib/sysusers.d RENAME formwright.conf)
install(FILES packaging/formwright.toml DESTINATION /etc/formwright PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
install(FILES packaging/prometheus/formwright.rules.yml DESTINATION share/formwright)
install(FILES README.md CHANGELOG.md DESTINATION share/doc/formwright)
install(DIRECTORY docs/ DESTINATION share/doc/formwright FILES_MATCHING PATTERN "*.md")
install(DIRECTORY examples/ DESTINATION share/doc/formwright/examples FILES_MATCHING PATTERN "*.form")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME formwright)
set(CPACK_PACKAGE_VENDOR Formwright)
set(CPACK_PACKAGE_CONTACT "The Formwright developers <formwright@example.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "form engine: forms as text, answers judged by the server")
set(CPACK_PACKAGE_DESCRIPTION "Form definitions in a language of their own are checked, compiled and run in a metered
sandbox for each tenant; definitions and submissions are kept in SQLite and served over HTTP.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION web)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "tzdata, passwd, libcurl4 (>= 7.85) | libcurl3-gnutls (>= 7.85)") # libcurl is loaded, not linked, so it is not found by itself
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    ${CMAKE_SOURCE_DIR}/packaging/debian/conffiles ${CMAKE_SOURCE_DIR}/packaging/debian/postinst
    ${CMAKE_SOURCE_DIR}/packaging/debian/prerm ${CMAKE_SOURCE_DIR}/packaging/debian/postrm)
include(CPack)
